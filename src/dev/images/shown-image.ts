import { formatImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { Original } from '../../originals/original.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { type ImageState, isUnderWay } from '../../plan/image-state.ts'
import type { Draft, DraftState } from '../../renditions/draft/draft.ts'
import type { RenditionSource } from '../../renditions/rendition.ts'

/** What pages show of an image just now. */
export type ShownImage =
  | {
      readonly kind: 'picture'
      readonly image: ManifestImage
      readonly original: Original
      readonly source: RenditionSource
      /** False: it is of an earlier request, and shown until the present one's is there. */
      readonly current: boolean
    }
  | { readonly kind: 'draft'; readonly image: ManifestImage; readonly draft: Draft }

/** Characters of a draft's line about what went wrong. */
const LONGEST_NOTE = 56

/**
 * Decides what is shown of an image: its picture, else the one that was shown before, else a draft.
 * Pure.
 * @param status its state, and whether this server is about to request it by itself
 */
export function planShown(
  { planned: { image }, picture }: InspectedImage,
  previous: ShownImage | undefined,
  status: { readonly current: ImageState; readonly isDue: boolean },
): ShownImage {
  if (picture) return { kind: 'picture', image, ...picture, current: true }
  if (previous?.kind === 'picture') return { ...previous, image, current: false }
  const { id } = image
  const state = status.isDue ? 'generating' : draftState(status.current)
  const note = state === 'generating' ? undefined : noteOf(image, status.current)
  return {
    kind: 'draft',
    image,
    draft: { ...draftSize(image), name: id.name, state, ...(note !== undefined && { note }) },
  }
}

/**
 * A request under way has one state here, whatever its progress: a draft that changed with every
 * step would keep pages, and whatever a server rendered of them, busy for nothing.
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

/** Pixels of a picture that is not there, from `size` and `aspect`. */
export function draftSize({ size, output }: ManifestImage): {
  readonly width: number
  readonly height: number
} {
  const [width = 1024, height = 1024] = size === 'auto' ? [] : size.split('x').map(Number)
  if (!output.aspect) return { width, height }
  const ratio = output.aspect[0] / output.aspect[1]
  return width / height > ratio
    ? { width: Math.round(height * ratio), height }
    : { width, height: Math.round(width / ratio) }
}
