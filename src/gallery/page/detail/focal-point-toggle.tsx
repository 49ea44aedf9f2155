import type { ImageId } from '../../../manifest/image-id.ts'
import type { GalleryCrop } from '../../data/gallery-data.ts'
import { Icon } from '../elements/icon.tsx'
import type { PictureChoice } from '../look/picture-choice.ts'
import { useData, useStore } from '../state/store-context.ts'
import { cropAtPosition, positionAt, positionPath } from '../words/focal-point.ts'

/** The next click on the picture is the middle of the crop. */
export function FocalPointToggle({ choice: { isAiming } }: { readonly choice: PictureChoice }) {
  const { actions } = useData()
  if (!actions) return null
  return (
    <button
      class="chip"
      type="button"
      aria-pressed={isAiming.value}
      onClick={() => {
        isAiming.value = !isAiming.value
      }}
    >
      <Icon name="target" />
      {isAiming.value ? 'Click the middle' : 'Move the crop'}
    </button>
  )
}

interface FocalPoint {
  /** The marked crop, where it would be with the words that are being edited. */
  readonly crop: GalleryCrop | undefined
  readonly onPoint: ((x: number, y: number) => void) | undefined
}

/** Writes the point into the words' form, which says what that changes. */
export function useFocalPoint(
  id: ImageId,
  crops: readonly GalleryCrop[],
  { crop: index, isAiming }: PictureChoice,
): FocalPoint {
  const { words } = useStore()
  const crop = index.value === undefined ? undefined : crops[index.value]
  if (!crop) return { crop, onPoint: undefined }
  const path = positionPath(crop)
  const typed = words.of(id)?.textOf(path) ?? ''
  return {
    crop: cropAtPosition(crop, typed),
    onPoint: isAiming.value
      ? (x, y) => {
          words.start(id).change(path, positionAt({ x, y }, crop))
          isAiming.value = false
        }
      : undefined,
  }
}
