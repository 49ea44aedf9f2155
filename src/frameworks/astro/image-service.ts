import type { ImageAsset } from '../../module/image-asset.ts'
import { type ImageOptions, isAsset, OF_SERVICE } from './astro-asset.ts'
import { isInMarkdown, markForMarkdown } from './pictures-in-markdown.ts'

/** One candidate of a `srcset`. */
interface Candidate {
  readonly transform: ImageOptions
  readonly descriptor: string
  readonly attributes: ImageOptions
}

/** As much of an image service as is wrapped; a service may have more. */
export interface ImageService {
  validateOptions?(options: ImageOptions, ...rest: readonly unknown[]): unknown
  getURL(options: ImageOptions, ...rest: readonly unknown[]): unknown
  getSrcSet?(options: ImageOptions, ...rest: readonly unknown[]): unknown
  getHTMLAttributes?(options: ImageOptions, ...rest: readonly unknown[]): unknown
}

/**
 * Makes an image service hand out pictures of manifests as they are: `<Image>`, `getImage()` and
 * Markdown show the bundler's own files. Nothing is encoded a second time, drafts need no decoder,
 * and the mark of generated pictures stays. All other pictures are left to the service.
 */
export function wrapImageService<Service extends ImageService>(service: Service): Service {
  const ours = new WeakMap<object, AstroPicture>()
  return {
    ...service,
    validateOptions(options: ImageOptions, ...rest: readonly unknown[]) {
      refuseManifest(options.src)
      if (!isAsset(options.src)) return service.validateOptions?.(options, ...rest) ?? options
      const picture = planPicture(options.src, options.format)
      const validated = { ...options, src: picture.src, format: picture.format }
      ours.set(validated, picture)
      return validated
    },
    getURL(options: ImageOptions, ...rest: readonly unknown[]) {
      return ours.get(options)?.src ?? service.getURL(options, ...rest)
    },
    getSrcSet(options: ImageOptions, ...rest: readonly unknown[]) {
      const picture = ours.get(options)
      if (!picture) return service.getSrcSet?.(options, ...rest) ?? []
      return picture.candidates.map(({ url, descriptor }): Candidate => {
        const transform = { ...options, src: url, width: undefined, height: undefined }
        ours.set(transform, { ...picture, src: url })
        return { transform, descriptor, attributes: {} }
      })
    },
    getHTMLAttributes(options: ImageOptions, ...rest: readonly unknown[]) {
      const picture = ours.get(options)
      if (!picture) return service.getHTMLAttributes?.(options, ...rest) ?? {}
      const { asset } = picture
      const given = Object.entries(options).filter(([name]) => !OF_SERVICE.has(name))
      const attributes = Object.fromEntries(given)
      const { width, height } = options
      const mark = isInMarkdown(asset) ? markForMarkdown(asset, attributes) : {}
      return { ...attributes, width, height, ...mark }
    },
  }
}

/** What is shown of an asset where Astro asks for one format. */
interface AstroPicture {
  readonly asset: ImageAsset
  readonly src: string
  readonly format: string
  readonly candidates: readonly { readonly url: string; readonly descriptor: string }[]
}

/** The files of the format that is asked for; of the fallback where there are none. */
function planPicture(asset: ImageAsset, format: unknown): AstroPicture {
  const type = `image/${format === 'jpg' ? 'jpeg' : format}`
  const source = asset.sources?.find(one => one.type === type && one.media === undefined)
  if (!source || type === asset.type) {
    return { asset, src: asset.src, format: asset.format, candidates: parseSrcset(asset.srcset) }
  }
  const candidates = parseSrcset(source.srcset)
  return {
    asset,
    src: candidates.at(-1)?.url ?? asset.src,
    format: String(format),
    candidates: candidates.length > 1 ? candidates : [],
  }
}

function parseSrcset(srcset = ''): AstroPicture['candidates'] {
  return srcset.split(', ').flatMap(candidate => {
    const [url = '', descriptor = ''] = candidate.split(' ')
    return url === '' ? [] : [{ url, descriptor }]
  })
}

/** Says what to write where Markdown or `<Image>` was given all images of a manifest at once. */
function refuseManifest(src: unknown): void {
  if (typeof src !== 'object' || src === null || 'src' in src) return
  const images = Object.entries(src).filter(([name]) => name !== 'inMarkdown')
  if (images.length === 0 || !images.every(([, image]) => isAsset(image))) return
  const [[name = ''] = []] = images
  throw new TypeError(
    `A manifest of several images stands where one image is shown. Name the image: \`./site.image.yaml?image=${name}\` in Markdown, \`site[${JSON.stringify(name)}]\` in code. It has: ${images.map(([one]) => one).join(', ')}.`,
  )
}
