import type { GalleryData, GalleryImage } from '../../data/gallery-data.ts'
import type { GalleryAction } from '../../server/gallery-action.ts'
import { counted } from '../state/format.ts'
import { labelOf } from '../state/state-words.ts'
import { listed, type Offer, withReferences } from './offers.ts'

/** What can be done about several images at once; nothing in a static export. */
export function planBulk(images: readonly GalleryImage[], data: GalleryData): readonly Offer[] {
  if (!data.actions) return []
  const generated = images.filter(({ source }) => source === undefined)
  const lacking = generated.filter(({ status }) => actionOf(labelOf(status)) !== undefined)
  const finished = generated.filter(({ picture, status }) => picture && status.state === 'ready')
  const keepable = generated.filter(({ keep }) => keep !== undefined)
  return [
    ...offerFor(lacking, data, {
      label: `Generate ${lacking.length}`,
      actionFor: ({ id, status }) => ({
        action: actionOf(labelOf(status)) ?? 'generate',
        image: id,
      }),
    }),
    ...offerFor(finished, data, {
      label: `Generate ${counted(finished.length, 'alternative')}`,
      actionFor: ({ id }) => ({ action: 'alternatives', image: id, count: 1 }),
    }),
    ...planKeepAll(keepable),
  ]
}

/** Uncertain images are left out: each of them has to be decided on. */
function actionOf(label: ReturnType<typeof labelOf>): 'generate' | 'retry' | undefined {
  if (label === 'missing') return 'generate'
  return label === 'failed' || label === 'corrupt' ? 'retry' : undefined
}

interface BulkWords {
  readonly label: string
  readonly actionFor: (image: GalleryImage) => GalleryAction
}

/** One request for each image. */
function offerFor(
  images: readonly GalleryImage[],
  data: GalleryData,
  { label, actionFor }: BulkWords,
): readonly Offer[] {
  if (images.length === 0) return []
  const offer: Offer = {
    actions: images.map(actionFor),
    subject: namesOf(images),
    label,
    requests: images.length,
  }
  return [withReferences(offer, images, data)]
}

function planKeepAll(images: readonly GalleryImage[]): readonly Offer[] {
  if (images.length === 0) return []
  return [
    {
      actions: images.map(({ id }) => ({ action: 'keep', image: id })),
      subject: namesOf(images),
      label: `Keep ${counted(images.length, 'picture')}`,
      requests: 0,
    },
  ]
}

function namesOf(images: readonly GalleryImage[]): string {
  return listed(images.map(({ id }) => id.name))
}
