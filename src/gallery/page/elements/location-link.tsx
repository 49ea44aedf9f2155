import type { GalleryLocation } from '../../data/gallery-data.ts'
import { Icon } from './icon.tsx'

interface LocationLinkProps {
  readonly location: GalleryLocation
  readonly text: string
}

/** A place in a manifest. A click opens it in the editor, if there is one. */
export function LocationLink({ location: { editorUrl }, text }: LocationLinkProps) {
  if (!editorUrl) return <span class="path">{text}</span>
  return (
    <button
      class="link path"
      type="button"
      title="Open in the editor"
      onClick={() => void fetch(editorUrl).catch(() => undefined)}
    >
      {text}
      <Icon name="open" />
    </button>
  )
}
