import type { GalleryData, GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import type { Offer } from '../actions/offers.ts'
import { createRegion, element } from '../elements/dom.ts'
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
  variantsPart,
} from './detail-facts.ts'
import { createDetailView, type DetailView } from './detail-view.ts'
import { modeButtons } from './mode-buttons.ts'
import { captionOf, picturesOf, revisionStrip } from './revisions.ts'
import type { Stage, StageMode } from './stage.ts'

export interface DetailHandlers {
  offer(offer: Offer): void
  copy(text: string): void
  /** Goes back or forth by one image of the grid. */
  step(by: -1 | 1): void
  close(): void
}

export interface Detail {
  readonly host: HTMLDialogElement
  /** Opens at an image, or brings the open panel up to date. */
  show(image: GalleryImage, data: GalleryData): void
  hide(): void
}

interface DetailState {
  readonly view: DetailView
  readonly handlers: DetailHandlers
  /** What the panel shows while it is open. */
  open: { readonly image: GalleryImage; readonly data: GalleryData } | undefined
  /** Digest of the picture that somebody chose to look at. */
  chosen: string | undefined
  mode: StageMode
}

/** The pictures of an image, the one on the stage, and the one in use. */
interface Showing {
  readonly image: GalleryImage
  readonly pictures: readonly GalleryPicture[]
  readonly picture: GalleryPicture | undefined
  readonly inUse: GalleryPicture | undefined
}

/** The panel of one image. Only what changed is drawn again: scroll, focus and zoom stay. */
export function createDetail(handlers: DetailHandlers): Detail {
  const view = createDetailView(handlers.step)
  const state: DetailState = { view, handlers, open: undefined, chosen: undefined, mode: 'single' }
  const draw = createDrawing(state)
  const { host } = view
  host.addEventListener('close', () => state.open && handlers.close())
  return {
    host,
    show(image, data) {
      const isSame = state.open && keyOf(state.open.image.id) === keyOf(image.id)
      state.open = { image, data }
      if (!isSame) reset(state)
      draw()
      if (!host.open) host.showModal()
    },
    hide() {
      state.open = undefined
      if (host.open) host.close()
    },
  }
}

function reset(state: DetailState): void {
  const { stage, facts, host } = state.view
  state.chosen = undefined
  state.mode = 'single'
  stage.reset()
  facts.scrollTop = 0
  host.scrollTop = 0
}

/** Draws the whole panel. */
function createDrawing(state: DetailState): () => void {
  const { view } = state
  const drawShowing = createShowing(state, () => draw())
  const drawFacts = createFacts(state)
  const drawBadge = createRegion(view.badge, (image: GalleryImage) => [
    stateBadge(labelOf(image.status)),
  ])
  function draw(): void {
    if (!state.open) return
    const { image, data } = state.open
    view.heading.textContent = image.id.name
    view.origin.textContent = image.id.manifest
    drawBadge(image)
    const showing = showingOf(image, state.chosen)
    const { picture } = showing
    const subject = { image, picture, actions: data.actions, budget: data.budget }
    drawShowing(showing, subject)
    drawFacts(subject)
  }
  return draw
}

function showingOf(image: GalleryImage, chosen: string | undefined): Showing {
  const pictures = picturesOf(image)
  const inUse = image.picture ?? pictures.at(-1)
  return {
    image,
    pictures,
    picture: pictures.find(({ digest }) => digest === chosen) ?? inUse,
    inUse,
  }
}

/** The column of the pictures. */
function createShowing(
  state: DetailState,
  redraw: () => void,
): (showing: Showing, subject: ActionSubject) => void {
  const { modes, stage, gap, strip, actions } = state.view
  const drawGap = createRegion(gap, (image: GalleryImage) => [
    stateFrame(image, formatSize(image.size)),
  ])
  const drawStrip = createRegion(strip, (subject: Parameters<typeof revisionStrip>[0]) =>
    revisionStrip(subject, digest => {
      state.chosen = digest
      redraw()
    }),
  )
  const drawActions = createRegion(actions, withData(state, revisionActions))
  const drawModes = createRegion(modes, (shown: { mode: StageMode; pictures: number }) =>
    modeButtons(shown, next => {
      state.mode = next
      redraw()
    }),
  )
  return (showing, subject) => {
    const { image, pictures, picture } = showing
    if (pictures.length < 2) state.mode = 'single'
    drawModes({ mode: state.mode, pictures: pictures.length })
    stage.host.hidden = !picture
    gap.hidden = picture !== undefined
    if (picture) showOnStage(showing, state.mode, stage)
    else drawGap(image)
    drawStrip({ image, chosen: picture?.digest })
    drawActions(subject)
  }
}

/** To compare, the stage shows the picture in use and another one. */
function showOnStage(
  { image, pictures, picture, inUse }: Showing,
  mode: StageMode,
  stage: Stage,
): void {
  if (!picture || !inUse) return
  const other = picture === inUse ? pictures.find(each => each !== inUse) : picture
  const shown = mode === 'single' || !other ? [picture] : [inUse, other]
  stage.show(
    shown.map(each => ({ picture: each, caption: captionOf(each, image) })),
    mode,
    image.alt ?? image.id.name,
  )
}

/** The column of the words. */
function createFacts(state: DetailState): (subject: ActionSubject) => void {
  const { view, handlers } = state
  const region = <T>(draw: (value: T) => readonly (Node | undefined)[]) => {
    const place = element('div', { class: 'region' })
    view.facts.append(place)
    return createRegion(place, draw)
  }
  const drawState = region(withData(state, statePart))
  const drawPrompt = region(promptPart)
  const drawReferences = region(referencesPart)
  const drawVariants = region(variantsPart)
  const drawDetails = region(factsPart)
  const drawFiles = region(renditionsPart)
  const drawImport = region((image: GalleryImage) => importPart(image, handlers.copy))
  return subject => {
    const { image, picture } = subject
    drawState(subject)
    drawPrompt({ image, picture })
    drawReferences(image.references)
    drawVariants(image.variants)
    drawDetails({ image, picture })
    drawFiles(picture)
    drawImport(image)
  }
}

function withData(state: DetailState, draw: typeof statePart) {
  return (subject: ActionSubject): readonly Node[] =>
    state.open ? draw(subject, state.open.data, state.handlers.offer) : []
}
