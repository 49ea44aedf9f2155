import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { GalleryCrop, GalleryImage } from '../../data/gallery-data.ts'
import { useData, useStore } from '../state/store-context.ts'

/** The crops of an image. Asks the server where strategies place those that it did not know. */
export function useImageCrops(image: GalleryImage): readonly GalleryCrop[] {
  const { studio } = useStore()
  const { actions } = useData()
  const found = useSignal<readonly GalleryCrop[] | undefined>(undefined)
  const isAsked = image.lacksCrops === true && actions !== undefined
  useEffect(() => {
    if (!isAsked) return
    let isWanted = true
    const take = (crops: readonly GalleryCrop[]): void => {
      if (isWanted) found.value = crops
    }
    // Without an answer those are marked that are known.
    studio.crops(image.id).then(
      ({ crops }) => take(crops),
      () => take(image.crops ?? []),
    )
    return () => {
      isWanted = false
    }
  }, [studio, image, isAsked, found])
  return (isAsked ? found.value : undefined) ?? image.crops ?? []
}
