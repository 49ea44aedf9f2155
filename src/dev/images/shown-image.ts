import { formatImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import type { Original } from '../../originals/original.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { Draft, DraftState } from '../../renditions/draft/draft.ts'
import type { RenditionSource } from '../../renditions/rendition.ts'
import type { PurchaseStatus } from './purchase-status.ts'

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
 * @param willBuy whether its picture will be bought without anybody's doing
 */
export function planShown(
  { planned, look, picture }: InspectedImage,
  previous: ShownImage | undefined,
  status: PurchaseStatus | undefined,
  willBuy: boolean,
): ShownImage {
  const { image } = planned
  if (picture) return { kind: 'picture', image, ...picture, current: true }
  if (previous?.kind === 'picture') return { ...previous, image, current: false }
  const state = draftState(planned.state, look?.state, status, willBuy)
  const note = noteOf(image, state, status)
  return {
    kind: 'draft',
    image,
    draft: { ...draftSize(image), name: image.id.name, state, ...note },
  }
}

/**
 * What goes on between wish and picture is one state here: a draft that changed with every step
 * would keep pages, and whatever a server rendered of them, busy for nothing.
 */
function draftState(
  planned: InspectedImage['planned']['state'],
  look: string | undefined,
  status: PurchaseStatus | undefined,
  willBuy: boolean,
): DraftState {
  if (status?.state === 'failed') return look === 'uncertain' ? 'uncertain' : 'failed'
  if (status?.state === 'under-way' || willBuy) return 'generating'
  if (status?.state === 'held') return 'missing'
  if (planned === 'uncertain' || planned === 'corrupt') return planned
  if (planned === 'unusable' || planned === 'refused' || planned === 'newer') return 'failed'
  return 'missing'
}

function noteOf(
  { id }: ManifestImage,
  state: DraftState,
  status: PurchaseStatus | undefined,
): { note?: string } {
  if (state !== 'failed' || status?.state !== 'failed') return {}
  const [line = ''] = status.error.message.split('\n')
  const label = formatImageId(id)
  const text = line.startsWith(label) ? line.slice(label.length).replace(/^:? /, '') : line
  return { note: text.length > LONGEST_NOTE ? `${text.slice(0, LONGEST_NOTE)}…` : text }
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
