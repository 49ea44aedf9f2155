import type { GalleryImage } from '../data/gallery-data.ts'
import { element, icon } from './dom.ts'
import { frameOf } from './gallery-state.ts'
import { elapsed } from './parts.ts'
import { labelOf } from './state-words.ts'

/** Stands where the picture will be, in the proportions that were asked for. */
export function stateFrame(image: GalleryImage, words: string): HTMLElement {
  const { width, height } = frameOf(image)
  const label = labelOf(image.status)
  const frame = element(
    'span',
    { class: `frame frame-${label}` },
    icon(label),
    label === 'generating' && image.since !== undefined && elapsed(image.since),
    element('span', { class: 'frame-words' }, words),
  )
  frame.style.setProperty('--ratio', String(width / height))
  frame.classList.toggle('tall', height > width)
  return frame
}
