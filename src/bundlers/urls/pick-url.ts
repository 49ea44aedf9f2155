import type { Manifest, ManifestImage } from '../../manifest/manifest.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import { suggest } from '../../text/suggest.ts'
import type { PictureQuery, QueryFault } from './picture-query.ts'

interface PictureFile {
  readonly url: string
  /** Pixels. */
  readonly width: number
}

/**
 * The image that a query names, checked as far as the manifest tells, before anything is requested.
 * Pure.
 */
export function findQueriedImage(
  { path, images }: Manifest,
  { image: name, format, width }: PictureQuery,
): ManifestImage | QueryFault {
  const image = images.find(({ id }) => id.name === name)
  if (!image) {
    const names = images.map(({ id }) => id.name)
    return { message: `${path} has no image "${name}".`, hint: suggest(name, names) }
  }
  const { formats, widths } = image.output
  if (format !== undefined && formats && !formats.some(known => known === format)) {
    return noFormat(name, format, formats)
  }
  if (width !== undefined && !widths?.includes(width)) return noWidth(name, width, widths ?? [])
  return image
}

/**
 * The URL of the file that a query names, among those of an asset. A width that the manifest lists
 * and the picture does not reach gives the widest file. Pure.
 */
export function pickUrl(
  asset: ImageAsset,
  { image, format = asset.format, width }: PictureQuery,
): string | QueryFault {
  const files = filesOf(asset).get(format)
  if (!files) return noFormat(image, format, [...filesOf(asset).keys()])
  if (width === undefined && format === asset.format) return asset.src
  const wanted = width ?? asset.width
  const picked = files.find(file => file.width === wanted) ?? files.at(-1)
  return picked?.url ?? asset.src
}

/** The files of an asset by format, in the order of its widths. */
function filesOf({ format, src, width, srcset, sources = [] }: ImageAsset) {
  const files = new Map<string, readonly PictureFile[]>()
  files.set(format, srcset === undefined ? [{ url: src, width }] : parseSrcset(srcset, width))
  for (const { type, srcset: candidates, ...source } of sources) {
    const name = type.replace(/^image\//, '')
    // Pictures for other screens and schemes are other pictures.
    if ('media' in source || files.has(name)) continue
    files.set(name, parseSrcset(candidates, width))
  }
  return files
}

/** @param main width of the picture that a candidate without a width is a multiple of */
function parseSrcset(srcset: string, main: number): readonly PictureFile[] {
  return srcset.split(', ').map(candidate => {
    const [url = '', descriptor = '1x'] = candidate.split(' ')
    const number = Number.parseFloat(descriptor)
    return { url, width: descriptor.endsWith('w') ? number : number * main }
  })
}

function noFormat(name: string, format: string, formats: readonly string[]): QueryFault {
  return {
    message: `The image "${name}" has no file in the format "${format}".`,
    hint: suggest(format, formats),
  }
}

function noWidth(name: string, width: number, widths: readonly number[]): QueryFault {
  return {
    message: `The image "${name}" has no file that is ${width} pixels wide.`,
    hint:
      widths.length === 0
        ? 'List the width in `output.widths`, or leave it out of the query.'
        : `Possible here: ${widths.join(', ')}.`,
  }
}
