import type { GalleryLocation } from '../../data/gallery-data.ts'
import { element, icon } from './dom.ts'

/** A place in a manifest. A click opens it in the editor, if there is one. */
export function locationLink(location: GalleryLocation, text: string): HTMLElement {
  const { editorUrl } = location
  if (!editorUrl) return element('span', { class: 'path' }, text)
  return element(
    'button',
    {
      class: 'link path',
      type: 'button',
      title: 'Open in the editor',
      'data-focus': 'location',
      click: () => void fetch(editorUrl).catch(() => undefined),
    },
    text,
    icon('open'),
  )
}
