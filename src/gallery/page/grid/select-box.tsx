import { useComputed } from '@preact/signals'
import { useStore } from '../state/store-context.ts'

interface SelectBoxProps {
  /** Key of the image. */
  readonly name: string
  readonly label: string
}

/** Selects an image; with Shift all between it and the last one. */
export function SelectBox({ name, label }: SelectBoxProps) {
  const { selection } = useStore()
  const isSelected = useComputed(() => selection.keys.value.has(name))
  return (
    <input
      class="select-box"
      type="checkbox"
      aria-label={`Select ${label}`}
      checked={isSelected.value}
      onClick={event => selection.toggle(name, event.shiftKey)}
    />
  )
}
