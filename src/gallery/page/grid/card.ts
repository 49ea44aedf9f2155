import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import { elapsedClock } from '../elements/clocks.ts'
import { createRegion, element, icon } from '../elements/dom.ts'
import { stateBadge } from '../elements/state-badge.ts'
import { stateFrame } from '../elements/state-frame.ts'
import { formatRoute } from '../route.ts'
import { formatSize } from '../state/format.ts'
import { keyOf, sizeMismatch } from '../state/gallery-state.ts'
import { describeState, labelOf } from '../state/state-words.ts'

export interface Card {
  readonly element: HTMLElement
  update(image: GalleryImage): void
}

/** One image in the grid. Its words come first, for whoever hears them. The link and a loaded picture stay the same elements after updates. */
export function createCard(image: GalleryImage): Card {
  const mat = element('span', { class: 'mat' })
  const caption = element('span', { class: 'caption' })
  const link = element(
    'a',
    { class: 'card', href: formatRoute({ image: keyOf(image.id) }), 'data-key': keyOf(image.id) },
    caption,
    mat,
  )
  const drawMat = createMat(mat)
  const drawCaption = createRegion(caption, captionOf)
  const host = element('li', { class: 'cell' }, link)
  const update = (next: GalleryImage): void => {
    host.dataset.state = labelOf(next.status)
    drawMat(next)
    drawCaption(next)
  }
  update(image)
  return { element: host, update }
}

function createMat(host: HTMLElement): (image: GalleryImage) => void {
  let picture: HTMLImageElement | undefined
  const over = element('span', { class: 'over' })
  const drawOver = createRegion(over, veilOf)
  const frame = element('span', { class: 'frame-box' })
  const drawFrame = createRegion(frame, (image: GalleryImage) => [
    stateFrame(image, describeState(image)),
  ])
  return image => {
    const url = image.picture && (image.picture.thumbnailUrl ?? image.picture.url)
    if (!url || !image.picture) {
      picture = undefined
      drawFrame(image)
      host.replaceChildren(frame)
      return
    }
    if (picture?.getAttribute('src') !== url) {
      const arrives = picture !== undefined || host.firstChild !== null
      picture = thumbnail(image.picture, url, image.alt)
      if (arrives) picture.classList.add('arriving')
      host.replaceChildren(picture, over)
    }
    drawOver(image)
  }
}

function thumbnail(picture: GalleryPicture, src: string, alt = ''): HTMLImageElement {
  const { width, height } = picture
  // `loading` must come before `src`, which would otherwise load at once.
  return element('img', { loading: 'lazy', decoding: 'async', width, height, alt, src })
}

/** How long the next picture has taken so far. */
function veilOf({ status, since }: GalleryImage): readonly (Node | undefined)[] {
  if (labelOf(status) !== 'generating' || since === undefined) return []
  return [element('span', { class: 'veil' }, icon('generating'), elapsedClock(since))]
}

function captionOf(image: GalleryImage): readonly (Node | string | undefined)[] {
  const { picture, status } = image
  const mismatch = picture && sizeMismatch(picture)
  return [
    element(
      'span',
      { class: 'caption-head' },
      element('span', { class: 'name' }, image.id.name),
      stateBadge(labelOf(status)),
    ),
    element(
      'span',
      { class: 'caption-facts' },
      element('span', {}, formatSize(mismatch ?? image.size)),
      mismatch && element('span', { class: 'hint' }, icon('mismatch'), 'not as asked'),
      picture && element('span', {}, formatBytes(picture.bytes)),
      picture &&
        image.alternatives.length > 0 &&
        element('span', {}, `${image.alternatives.length + 1} revisions`),
    ),
  ]
}
