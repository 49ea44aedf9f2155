import type { GalleryData, GalleryImage } from '../../data/gallery-data.ts'
import type { Offer } from './offers.ts'

/** Calls off what has not been sent. A request that was sent comes to its end. */
export function planCancel(
  { id, status }: GalleryImage,
  { actions }: GalleryData,
): readonly Offer[] {
  const waits = ['queued', 'waiting', 'retrying'].includes(status.state)
  if (!actions || !waits) return []
  return [
    {
      actions: [{ action: 'cancel', image: id }],
      subject: `${id.name} of ${id.manifest}`,
      label: 'Cancel',
      requests: 0,
    },
  ]
}
