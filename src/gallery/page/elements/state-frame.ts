import type { GalleryImage } from '../../data/gallery-data.ts'
import { frameOf } from '../state/gallery-state.ts'
import { labelOf } from '../state/state-words.ts'
import { elapsedClock } from './clocks.ts'
import { element, icon } from './dom.ts'

/** Stands in for a picture, in the requested proportions. */
export function stateFrame(image: GalleryImage, words: string): HTMLElement {
  const { width, height } = frameOf(image)
  const label = labelOf(image.status)
  const frame = element(
    'span',
    { class: `frame frame-${label}` },
    icon(label),
    label === 'generating' && image.since !== undefined && elapsedClock(image.since),
    element('span', { class: 'frame-words' }, words),
  )
  frame.style.setProperty('--ratio', String(width / height))
  frame.classList.toggle('tall', height > width)
  return frame
}
