import type { GalleryData, GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import type { Offer } from '../actions/offers.ts'
import { createRegion, element, icon } from '../elements/dom.ts'
import { stateBadge } from '../elements/state-badge.ts'
import { stateFrame } from '../elements/state-frame.ts'
import { formatSize } from '../state/format.ts'
import { keyOf } from '../state/gallery-state.ts'
import { labelOf } from '../state/state-words.ts'
import { type ActionSubject, revisionActions, statePart } from './detail-actions.ts'
import {
  factsPart,
  importPart,
  promptPart,
  referencesPart,
  renditionsPart,
} from './detail-facts.ts'
import { captionOf, picturesOf, revisionStrip } from './revisions.ts'
import { createStage, type StageMode } from './stage.ts'

export interface DetailHandlers {
  offer(offer: Offer): void
  copy(text: string): void
  /** By one image back or forth in what the grid shows. */
  step(by: -1 | 1): void
  close(): void
}

export interface Detail {
  readonly host: HTMLDialogElement
  /** Opens at an image, or brings the open panel up to date. */
  show(image: GalleryImage, data: GalleryData): void
  hide(): void
}

/** The panel of one image. What did not change is not drawn again: scroll, focus and zoom stay. */
export function createDetail(handlers: DetailHandlers): Detail {
  let open: { readonly image: GalleryImage; readonly data: GalleryData } | undefined
  let chosen: string | undefined
  let mode: StageMode = 'single'

  const heading = element('h2', {
    class: 'detail-name',
    id: 'detail-name',
    tabindex: -1,
    autofocus: true,
  })
  const badge = element('div', { class: 'detail-badge' })
  const origin = element('span', { class: 'detail-origin path' })
  const stage = createStage()
  const modes = element('div', { class: 'modes' })
  const gap = element('div', { class: 'gap' })
  const parts = element('div', { class: 'parts' })
  const strip = element('div', {})
  const actions = element('div', {})
  const host = element(
    'dialog',
    { class: 'detail', 'aria-labelledby': 'detail-name', close: () => open && handlers.close() },
    element(
      'header',
      { class: 'detail-head' },
      heading,
      badge,
      origin,
      element(
        'div',
        { class: 'detail-nav' },
        navButton('Previous image', 'previous', () => handlers.step(-1)),
        navButton('Next image', 'next', () => handlers.step(1)),
        navButton('Close', 'close', () => host.close()),
      ),
    ),
    element(
      'div',
      { class: 'detail-body' },
      element('div', { class: 'showing' }, modes, stage.host, gap, strip, actions),
      parts,
    ),
  )
  host.addEventListener('keydown', event => stepByKey(event, stage.zoomed, handlers.step))
  host.addEventListener('click', event => event.target === host && host.close())

  const region = <T>(parent: HTMLElement, draw: (value: T) => readonly (Node | undefined)[]) => {
    const place = element('div', { class: 'region' })
    parent.append(place)
    return createRegion(place, draw)
  }
  const withData = (draw: typeof statePart) => (subject: ActionSubject) =>
    open ? draw(subject, open.data, handlers.offer) : []
  const drawBadge = createRegion(badge, (image: GalleryImage) => [
    stateBadge(labelOf(image.status)),
  ])
  const drawState = region(parts, withData(statePart))
  const drawPrompt = region(parts, promptPart)
  const drawReferences = region(parts, referencesPart)
  const drawFacts = region(parts, factsPart)
  const drawFiles = region(parts, renditionsPart)
  const drawImport = region(parts, (image: GalleryImage) => importPart(image, handlers.copy))
  const drawGap = createRegion(gap, (image: GalleryImage) => [
    stateFrame(image, formatSize(image.size)),
  ])
  const drawStrip = createRegion(
    strip,
    (subject: { image: GalleryImage; chosen: string | undefined }) =>
      revisionStrip(subject, digest => {
        chosen = digest
        draw()
      }),
  )
  const drawActions = createRegion(actions, withData(revisionActions))
  const drawModes = createRegion(modes, (shown: { mode: StageMode; pictures: number }) =>
    modeButtons(shown, next => {
      mode = next
      draw()
    }),
  )

  const draw = (): void => {
    if (!open) return
    const { image, data } = open
    const pictures = picturesOf(image)
    const inUse = image.picture ?? pictures.at(-1)
    const picture = pictures.find(({ digest }) => digest === chosen) ?? inUse
    if (pictures.length < 2) mode = 'single'
    heading.textContent = image.id.name
    origin.textContent = image.id.manifest
    drawBadge(image)
    drawModes({ mode, pictures: pictures.length })
    showStage(image, pictures, picture, inUse)
    drawStrip({ image, chosen: picture?.digest })
    const acting: ActionSubject = { image, picture, actions: data.actions, budget: data.budget }
    drawState(acting)
    drawActions(acting)
    drawPrompt({ image, picture })
    drawReferences(image.references)
    drawFacts({ image, picture })
    drawFiles(picture)
    drawImport(image)
  }

  const showStage = (
    image: GalleryImage,
    pictures: readonly GalleryPicture[],
    picture: GalleryPicture | undefined,
    inUse: GalleryPicture | undefined,
  ): void => {
    stage.host.hidden = !picture
    gap.hidden = picture !== undefined
    if (!picture || !inUse) {
      drawGap(image)
      return
    }
    const other = picture === inUse ? pictures.find(each => each !== inUse) : picture
    const shown = mode === 'single' || !other ? [picture] : [inUse, other]
    const alt = image.alt ?? image.id.name
    stage.show(
      shown.map(each => ({ picture: each, caption: captionOf(each, image) })),
      mode,
      alt,
    )
  }

  return {
    host,
    show(image, data) {
      const same = open && keyOf(open.image.id) === keyOf(image.id)
      open = { image, data }
      if (!same) {
        chosen = undefined
        mode = 'single'
        stage.reset()
        parts.scrollTop = 0
        host.scrollTop = 0
      }
      draw()
      if (!host.open) host.showModal()
    },
    hide() {
      open = undefined
      if (host.open) host.close()
    },
  }
}

function navButton(
  label: string,
  name: 'previous' | 'next' | 'close',
  click: () => void,
): HTMLElement {
  return element(
    'button',
    { class: 'button button-icon', type: 'button', 'aria-label': label, title: label, click },
    icon(name),
  )
}

function modeButtons(
  { mode, pictures }: { readonly mode: StageMode; readonly pictures: number },
  onMode: (mode: StageMode) => void,
): readonly Node[] {
  if (pictures < 2) return []
  const button = (name: StageMode, label: string): HTMLElement =>
    element(
      'button',
      {
        class: 'segment',
        type: 'button',
        'aria-pressed': String(mode === name),
        'data-focus': name,
        click: () => onMode(name),
      },
      label,
    )
  return [
    element(
      'div',
      { class: 'segments', role: 'group', 'aria-label': 'View' },
      button('single', 'One picture'),
      button('side-by-side', 'Side by side'),
      button('slider', 'Slider'),
    ),
  ]
}

/** Left and right arrow go through the images, unless a control or a zoomed picture has a use for them. */
function stepByKey(event: KeyboardEvent, zoomed: boolean, step: (by: -1 | 1) => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (event.target instanceof HTMLInputElement) return
  if (event.target instanceof HTMLPreElement) return
  if (zoomed && event.target instanceof HTMLElement && event.target.closest('.views')) return
  if (event.key === 'ArrowLeft') step(-1)
  if (event.key === 'ArrowRight') step(1)
}
