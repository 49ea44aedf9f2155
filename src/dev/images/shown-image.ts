import { formatImageId } from '../../manifest/image-id.ts'
import type { ManifestImage, OutputSettings } from '../../manifest/manifest.ts'
import { pixelsOf } from '../../manifest/sizes.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { ImagePicture } from '../../pipeline/pictures/image-picture.ts'
import { type ImageState, isUnderWay } from '../../plan/image-state.ts'
import type { Draft, DraftState } from '../../renditions/draft/draft.ts'

/** What pages show of an image now. */
export type ShownImage =
  | (ImagePicture & {
      readonly kind: 'picture'
      readonly image: ManifestImage
      /** False: it belongs to an earlier request, and is shown until the current one has a picture. */
      readonly current: boolean
    })
  | { readonly kind: 'draft'; readonly image: ManifestImage; readonly draft: Draft }

/** The most characters of a draft's note. */
const LONGEST_NOTE = 56

/**
 * Decides what is shown of an image: its picture, else the one shown before, else a draft. Pure.
 * @param status its state, and whether the server is about to request it without being asked
 */
export function planShown(
  { planned: { image }, picture }: InspectedImage,
  previous: ShownImage | undefined,
  status: { readonly current: ImageState; readonly isDue: boolean },
): ShownImage {
  if (picture) return { kind: 'picture', image, ...picture, current: true }
  // What a source shows is on disk, or it is a fault.
  if (previous?.kind === 'picture' && !image.source) return { ...previous, image, current: false }
  const { id } = image
  const state = status.isDue ? 'generating' : draftState(status.current)
  const note = state === 'generating' ? undefined : noteOf(image, status.current)
  return {
    kind: 'draft',
    image,
    draft: { ...draftSize(image), name: id.name, state, ...(note !== undefined && { note }) },
  }
}

/** The same with other output settings: another crop. Pure. */
export function showVariant(shown: ShownImage, output: OutputSettings): ShownImage {
  const image = { ...shown.image, output }
  if (shown.kind === 'picture') return { ...shown, image }
  return { ...shown, image, draft: { ...shown.draft, ...draftSize(image) } }
}

/**
 * A request under way has one state here, whatever its progress. A draft that changed with every
 * step would keep pages busy for nothing.
 */
function draftState(status: ImageState): DraftState {
  if (isUnderWay(status)) return 'generating'
  return status.state === 'ready' ? 'missing' : status.state
}

/** Why it failed, short enough for a draft. */
function noteOf({ id }: ManifestImage, status: ImageState): string | undefined {
  switch (status.state) {
    case 'failed':
    case 'refused':
    case 'unusable':
    case 'newer': {
      const [line = ''] = status.problem.split('\n')
      const label = formatImageId(id)
      const text = line.startsWith(label) ? line.slice(label.length).replace(/^:? /, '') : line
      return text.length > LONGEST_NOTE ? `${text.slice(0, LONGEST_NOTE)}…` : text
    }
    default:
      return undefined
  }
}

/** Pixels of a picture that is missing, from `size` and `aspect`. */
export function draftSize({ size, output }: Pick<ManifestImage, 'size' | 'output'>): {
  readonly width: number
  readonly height: number
} {
  const { width, height } = pixelsOf(size)
  if (!output.aspect) return { width, height }
  const ratio = output.aspect[0] / output.aspect[1]
  return width / height > ratio
    ? { width: Math.round(height * ratio), height }
    : { width, height: Math.round(width / ratio) }
}
