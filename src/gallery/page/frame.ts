import type { GalleryImage } from '../data/gallery-data.ts'
import { element, icon } from './dom.ts'
import { frameOf } from './gallery-state.ts'
import { elapsed } from './parts.ts'

/** Stands where the picture will be, in the proportions that were asked for. */
export function stateFrame(image: GalleryImage, words: string): HTMLElement {
  const { width, height } = frameOf(image)
  const { state } = image
  const frame = element(
    'span',
    { class: `frame frame-${state.name}` },
    icon(state.name),
    state.name === 'generating' && elapsed(state.since),
    element('span', { class: 'frame-words' }, words),
  )
  frame.style.setProperty('--ratio', String(width / height))
  frame.classList.toggle('tall', height > width)
  return frame
}
