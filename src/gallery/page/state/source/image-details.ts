import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { GalleryImage } from '../../../data/gallery-data.ts'
import type { GalleryDetails } from '../../../data/gallery-details.ts'
import { keyOf } from '../gallery-state.ts'
import type { GallerySource } from './gallery-source.ts'

/**
 * The details of the opened image, asked for again whenever it changes. Undefined until they are
 * there; after a change the earlier ones stay meanwhile.
 */
export function followDetails(
  opened: ReadonlySignal<GalleryImage | undefined>,
  { details }: Pick<GallerySource, 'details'>,
): ReadonlySignal<GalleryDetails | undefined> {
  const found = signal<{ readonly key: string; readonly details: GalleryDetails } | undefined>(
    undefined,
  )
  effect(() => {
    const image = opened.value
    if (!image) return
    details(image.id).then(
      loaded => {
        if (opened.peek() === image) found.value = { key: keyOf(image.id), details: loaded }
      },
      // A server that is gone is told of elsewhere; all else of the image is there.
      () => undefined,
    )
  })
  return computed(() => {
    const key = opened.value && keyOf(opened.value.id)
    return found.value?.key === key ? found.value?.details : undefined
  })
}
