import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { useData, useStore } from '../state/store-context.ts'
import { adoptDropped } from './adopt-dropped.ts'

interface DropTargetProps {
  readonly image: GalleryImage
  readonly children: ComponentChildren
}

/** A file that is dropped here becomes the picture of the image. */
export function DropTarget({ image, children }: DropTargetProps) {
  const store = useStore()
  const { actions } = useData()
  const isOver = useSignal(false)
  const isOpen = actions !== undefined && image.source === undefined
  const follow = (event: DragEvent, over: boolean): void => {
    if (!isOpen || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    isOver.value = over
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a button beside it opens files, too
    <div
      class="showing"
      data-drop={isOver.value}
      onDragOver={event => follow(event, true)}
      onDragLeave={event => follow(event, false)}
      onDrop={event => {
        follow(event, false)
        const file = event.dataTransfer?.files[0]
        if (isOpen && file) void adoptDropped(image, file, store)
      }}
    >
      {children}
    </div>
  )
}

/** The same with the keyboard. */
export function FileChoice({ image }: { readonly image: GalleryImage }) {
  const store = useStore()
  const { actions } = useData()
  if (!actions || image.source !== undefined) return null
  return (
    <label class="button file-choice">
      Use a file …
      <input
        class="visually-hidden"
        type="file"
        accept="image/png,image/jpeg,image/webp"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) void adoptDropped(image, file, store)
          currentTarget.value = ''
        }}
      />
    </label>
  )
}
