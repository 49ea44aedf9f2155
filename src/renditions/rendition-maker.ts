import pLimit from 'p-limit'
import { CorruptOriginalError } from '../errors/corrupt-original-error.ts'
import { RenditionError } from '../errors/rendition-error.ts'
import { UnusablePictureError } from '../errors/unusable-picture-error.ts'
import type { PlaceholderKind } from '../manifest/manifest.ts'
import { createShared } from './cache/shared.ts'
import type { CropPoints } from './crop-points.ts'
import { cropAt, findCropPoint } from './encode/crop.ts'
import { renderIconFile } from './encode/icon-file.ts'
import { insideOf, pad } from './encode/padding.ts'
import { decode, encode, hasTransparentPixels, type Pixels, resize } from './encode/pixels.ts'
import { makePlaceholder } from './encode/placeholder.ts'
import { loadSharp, type SharpFactory } from './encode/sharp.ts'
import type { CropPoint, Placeholder, PlannedRendition, RenditionSource } from './rendition.ts'

export interface RenditionMakerOptions {
  /** For messages: absolute path of the folder for renditions. */
  readonly cacheDir: string
  /** Longest side of a picture, in pixels. */
  readonly pixels: number
  /** Decodes, resizes and encodes that run at once. */
  readonly concurrency: number
  readonly crops: CropPoints
}

/** Makes renditions and placeholders with sharp. Its errors name the result and the source. */
export interface RenditionMaker {
  /** @param store keeps the bytes; its failure counts as a failure to make the rendition */
  make<Stored>(
    source: RenditionSource,
    rendition: PlannedRendition,
    store: (bytes: Buffer) => Promise<Stored>,
  ): Promise<Stored>
  place(source: RenditionSource, kind: Exclude<PlaceholderKind, 'none'>): Promise<Placeholder>
  /** Where a file crops the picture. Decodes only where a strategy has not found that yet. */
  placeCrop(source: RenditionSource, rendition: PlannedRendition): Promise<CropPoint>
  /** Whether the picture has transparent pixels. Decodes only pictures that could have them. */
  seeAlpha(source: RenditionSource): Promise<boolean>
}

export function createRenditionMaker({
  cacheDir,
  pixels: pixelLimit,
  concurrency,
  crops,
}: RenditionMakerOptions): RenditionMaker {
  // The first limits work on cores, the others memory.
  const onCore = pLimit(concurrency)
  const sharePicture = createShared<Pixels>(concurrency)
  const shareWidth = createShared<Pixels>(concurrency)

  async function withPicture<Result>(
    source: RenditionSource,
    work: (picture: Pixels) => Promise<Result>,
  ): Promise<Result> {
    const sharp = await loadSharp()
    return sharePicture(source.digest, () => onCore(() => decode(sharp, source, pixelLimit)), work)
  }

  async function render(source: RenditionSource, rendition: PlannedRendition): Promise<Buffer> {
    const sharp = await loadSharp()
    const { width, height, fit, position = [], padding = 0, sizes } = rendition
    if (sizes) return renderIcon(source, rendition, sizes)
    return withPicture(source, picture =>
      shareWidth(
        `${source.digest} ${width}x${height} ${fit} ${position} ${padding}`,
        () =>
          onCore(() =>
            resizeOrCrop(sharp, picture, rendition, inside => pointIn(picture, source, inside)),
          ),
        resized => onCore(() => encode(sharp, resized, rendition, source)),
      ),
    )
  }

  async function pointIn(
    picture: Pixels,
    { digest }: RenditionSource,
    rendition: PlannedRendition,
  ): Promise<CropPoint> {
    const sharp = await loadSharp()
    return crops.find(digest, rendition, strategy =>
      findCropPoint(sharp, picture, rendition, strategy),
    )
  }

  async function renderIcon(
    source: RenditionSource,
    { sizes: _, ...rendition }: PlannedRendition,
    sizes: readonly number[],
  ): Promise<Buffer> {
    const pictures = sizes.map(async side => {
      const png = await render(source, { ...rendition, width: side, height: side })
      return { side, png }
    })
    return renderIconFile(await Promise.all(pictures))
  }

  function failure(what: string, { path }: RenditionSource): (cause: unknown) => never {
    return cause => {
      if (cause instanceof CorruptOriginalError || cause instanceof RenditionError) throw cause
      if (cause instanceof UnusablePictureError) {
        throw new RenditionError(
          `${what} could not be created from a damaged picture. ${cause.message}`,
          { cause },
        )
      }
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new RenditionError(
        `${what} could not be created from ${path} and written to ${cacheDir}: ${reason.trim()}. If the folder is not writable, set \`renditionsDir\` to another one.`,
        { cause },
      )
    }
  }

  return {
    make(source, rendition, store) {
      const { format, width, height } = rendition
      return render(source, rendition)
        .then(store)
        .catch(failure(`The ${format} of ${width}×${height} pixels`, source))
    },
    async place(source, kind) {
      const sharp = await loadSharp()
      return withPicture(source, picture =>
        onCore(() => makePlaceholder(sharp, picture, kind)),
      ).catch(failure(`The placeholder (${kind})`, source))
    },
    placeCrop(source, rendition) {
      return withPicture(source, picture =>
        onCore(() => pointIn(picture, source, rendition)),
      ).catch(failure('The crop', source))
    },
    async seeAlpha(source) {
      if (source.drawn || source.format === 'jpeg') return false
      const sharp = await loadSharp()
      const { hasAlpha } = await sharp(source.path).metadata()
      return hasAlpha && withPicture(source, async picture => hasTransparentPixels(picture))
    },
  }
}

async function resizeOrCrop(
  sharp: SharpFactory,
  picture: Pixels,
  rendition: PlannedRendition,
  pointOf: (inside: PlannedRendition) => Promise<CropPoint>,
): Promise<Pixels> {
  if (rendition.padding !== undefined) {
    const { padding: _, ...inside } = { ...rendition, ...insideOf(rendition) }
    return pad(sharp, await resizeOrCrop(sharp, picture, inside, pointOf), rendition)
  }
  if (rendition.position === undefined) return resize(sharp, picture, rendition)
  return cropAt(sharp, picture, rendition, await pointOf(rendition))
}
