import type { GalleryPicture } from '../../data/gallery-data.ts'
import { createRegion, element } from '../elements/dom.ts'
import { createPanning } from './panning.ts'

export type StageMode = 'single' | 'side-by-side' | 'slider'

export interface Pane {
  readonly picture: GalleryPicture
  readonly caption: string
}

export interface Stage {
  readonly host: HTMLElement
  show(panes: readonly Pane[], mode: StageMode, alt: string): void
  /** Shows the whole picture again. */
  reset(): void
  /** True: arrow keys move the picture. */
  readonly zoomed: boolean
}

interface Scene {
  readonly panes: readonly Pane[]
  readonly mode: StageMode
  readonly alt: string
}

/** One picture, or two to compare. They share zoom and position, so that both show the same spot. */
export function createStage(): Stage {
  const views = element('div', { class: 'views' })
  const zoom = element('input', {
    class: 'range',
    type: 'range',
    min: 1,
    max: 8,
    step: 0.25,
    value: 1,
    'aria-label': 'Zoom',
    input: () => panning.zoomTo(Number(zoom.value)),
  })
  const divider = element('input', {
    class: 'range',
    type: 'range',
    min: 0,
    max: 100,
    value: 50,
    'aria-label': 'Divider between the two pictures, in percent',
    input: () => setSplit(Number(divider.value)),
  })
  const splitControl = element('label', { class: 'control' }, 'Divider', divider)
  const host = element(
    'div',
    { class: 'stage' },
    views,
    element(
      'div',
      { class: 'controls' },
      element('label', { class: 'control' }, 'Zoom', zoom),
      splitControl,
    ),
  )
  const panning = createPanning(views, value => {
    zoom.value = String(value)
  })
  const setSplit = (percent: number): void => {
    divider.value = String(percent)
    views.style.setProperty('--split', `${percent}%`)
  }
  const draw = createRegion(views, (scene: Scene) => drawScene(scene, setSplit))
  setSplit(50)
  return {
    host,
    show(panes, mode, alt) {
      views.dataset.mode = mode
      splitControl.hidden = mode !== 'slider'
      draw({ panes, mode, alt })
    },
    reset() {
      panning.reset()
      setSplit(50)
    },
    get zoomed() {
      return panning.zoom > 1
    },
  }
}

function drawScene(
  { panes, mode, alt }: Scene,
  setSplit: (percent: number) => void,
): readonly Node[] {
  const image = ({ picture }: Pane): HTMLElement =>
    element('img', {
      src: picture.url,
      alt,
      width: picture.width,
      height: picture.height,
      decoding: 'async',
      draggable: 'false',
    })
  const caption = (pane: Pane): HTMLElement => element('figcaption', {}, pane.caption)
  if (mode !== 'slider') {
    return panes.map(pane =>
      element(
        'figure',
        { class: 'pane' },
        viewOf(pane.picture, image(pane)),
        panes.length > 1 && caption(pane),
      ),
    )
  }
  const layers = panes.map(pane => element('div', { class: 'layer' }, image(pane)))
  const [first] = panes
  if (!first) return []
  const view = viewOf(first.picture, ...layers, handle(setSplit))
  const captions = element(
    'figcaption',
    { class: 'both' },
    ...panes.map(pane => element('span', {}, pane.caption)),
  )
  return [element('figure', { class: 'pane' }, view, withRatio(captions, first.picture))]
}

/** As large as possible, in the proportions of the picture. */
function viewOf(picture: GalleryPicture, ...content: readonly Node[]): HTMLElement {
  return withRatio(element('div', { class: 'view' }, ...content), picture)
}

function withRatio(target: HTMLElement, { width, height }: GalleryPicture): HTMLElement {
  target.style.setProperty('--ratio', String(width / height))
  return target
}

/** The line to drag. The range below it does the same for the keyboard. */
function handle(setSplit: (percent: number) => void): HTMLElement {
  const line = element('div', { class: 'handle', 'aria-hidden': 'true' })
  line.addEventListener('pointerdown', event => {
    event.stopPropagation()
    line.setPointerCapture(event.pointerId)
  })
  line.addEventListener('pointermove', event => {
    const view = line.parentElement?.getBoundingClientRect()
    if (!view || !line.hasPointerCapture(event.pointerId)) return
    const percent = ((event.clientX - view.left) / view.width) * 100
    setSplit(Math.round(Math.min(100, Math.max(0, percent))))
  })
  return line
}
