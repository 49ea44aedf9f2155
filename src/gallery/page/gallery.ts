import type { GalleryData, GalleryImage, GalleryUpdate } from '../data/gallery-data.ts'
import { planMissing } from './actions/offers.ts'
import { performOffer } from './actions/perform-offer.ts'
import { copyText } from './copy-text.ts'
import { createDetail, type Detail } from './detail/detail.ts'
import { type Announcer, createAnnouncer } from './elements/announcer.ts'
import { refreshClocks } from './elements/clocks.ts'
import { element } from './elements/dom.ts'
import { createGrid, type Grid } from './grid/grid.ts'
import { createHeader, type Header } from './header.ts'
import { emptyPart, errorPart, faultsPart, noMatchPart } from './messages.ts'
import { formatRoute, parseRoute, type Route } from './route.ts'
import type { ConnectionState, GallerySource } from './source.ts'
import { sentenceOf } from './state/format.ts'
import { applyUpdate, type GalleryFilter, inOrder, keyOf, matches } from './state/gallery-state.ts'
import { describeChanges } from './state/state-words.ts'

/** What the functions of the page share. */
interface Gallery {
  readonly body: HTMLElement
  readonly source: GallerySource
  readonly announcer: Announcer
  readonly grid: Grid
  readonly header: Header
  readonly detail: Detail
  readonly messages: HTMLElement
  readonly connection: HTMLElement
  /** Absent until it is loaded. */
  data: GalleryData | undefined
  route: Route
  /** What the grid shows. */
  visible: readonly GalleryImage[]
}

/** Builds the page inside `body`, and keeps it up to date with its source. */
export function startGallery(body: HTMLElement, source: GallerySource): void {
  const gallery: Gallery = {
    body,
    source,
    announcer: createAnnouncer(),
    grid: createGrid(),
    header: createHeader({
      filter: change =>
        go(gallery, { ...change(filterOf(gallery.route)), ...imageOf(gallery.route) }),
      offer: offer => void performOffer(offer, gallery),
    }),
    detail: createDetail({
      offer: offer => void performOffer(offer, gallery),
      copy: text => void copyText(text, gallery.announcer),
      step: by => step(gallery, by),
      close: () => closeDetail(gallery),
    }),
    messages: element('div', { class: 'messages' }),
    connection: element('p', { class: 'connection', role: 'status' }),
    data: undefined,
    route: parseRoute(location.hash),
    visible: [],
  }
  const { connection, header, messages, grid, detail, announcer } = gallery
  const main = element('main', { class: 'main' }, messages, grid.host)
  body.replaceChildren(connection, header.host, main, detail.host, announcer.host)
  source.subscribe({
    update: update => receive(gallery, update),
    connection: state => showConnection(gallery, state),
  })
  listen(gallery)
  window.setInterval(() => refreshClocks(document, Date.now()), 1_000)
  void load(gallery)
}

async function load(gallery: Gallery): Promise<void> {
  try {
    const loaded = await gallery.source.load()
    gallery.data = { ...loaded, images: inOrder(loaded.images) }
    render(gallery)
  } catch (error) {
    gallery.messages.replaceChildren(...errorPart(sentenceOf(error), () => void load(gallery)))
  }
}

function receive(gallery: Gallery, update: GalleryUpdate): void {
  const { data, announcer } = gallery
  if (!data) return
  for (const sentence of describeChanges(data, update.images ?? [])) announcer.say(sentence)
  gallery.data = applyUpdate(data, update)
  render(gallery)
}

function showConnection(gallery: Gallery, state: ConnectionState): void {
  gallery.connection.textContent =
    state === 'lost'
      ? 'The development server cannot be reached. What you see may be out of date.'
      : ''
  if (state === 'there') void load(gallery)
}

function render(gallery: Gallery): void {
  const { data, route, header, grid, messages } = gallery
  if (!data) return
  const filter = filterOf(route)
  const visible = data.images.filter(image => matches(image, filter))
  gallery.visible = visible
  document.title = `${data.project} · Image gallery`
  header.show(data, filter, planMissing(visible, data))
  grid.show(visible)
  const none =
    data.images.length === 0
      ? emptyPart()
      : visible.length === 0
        ? noMatchPart(() => go(gallery, {}))
        : []
  messages.replaceChildren(...faultsPart(data.faults), ...none)
  renderDetail(gallery, data)
}

function renderDetail({ route, detail, body, announcer }: Gallery, data: GalleryData): void {
  const image = data.images.find(({ id }) => keyOf(id) === route.image)
  if (image) detail.show(image, data)
  else detail.hide()
  const place = image ? detail.host : body
  if (announcer.host.parentElement !== place) place.append(announcer.host)
}

function go(gallery: Gallery, route: Route, how: 'replace' | 'push' = 'replace'): void {
  gallery.route = route
  const hash = formatRoute(route)
  if (how === 'push') history.pushState(null, '', hash)
  else history.replaceState(null, '', hash)
  render(gallery)
}

function closeDetail(gallery: Gallery): void {
  const { image } = gallery.route
  go(gallery, filterOf(gallery.route))
  if (image) gallery.grid.focus(image)
}

function step(gallery: Gallery, by: -1 | 1): void {
  const { visible, route } = gallery
  const index = visible.findIndex(({ id }) => keyOf(id) === route.image)
  const next = visible[index + by]
  if (index >= 0 && next) go(gallery, { ...filterOf(route), image: keyOf(next.id) })
}

function listen(gallery: Gallery): void {
  gallery.body.addEventListener('click', event => followLink(gallery, event))
  document.addEventListener('keydown', event => handleKey(gallery, event))
  window.addEventListener('popstate', () => {
    gallery.route = parseRoute(location.hash)
    render(gallery)
  })
}

/** Links inside the page change the route without a new document. */
function followLink(gallery: Gallery, event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  const { image } = parseRoute(link.getAttribute('href') ?? '')
  const { route } = gallery
  if (image) go(gallery, { ...filterOf(route), image }, route.image ? 'replace' : 'push')
}

function handleKey(gallery: Gallery, event: KeyboardEvent): void {
  const { header, route, grid, visible } = gallery
  const typing =
    event.target instanceof HTMLElement && event.target.matches('input, select, textarea')
  if (event.key === '/' && !typing && !route.image) {
    event.preventDefault()
    header.search.focus()
    header.search.select()
  } else if (event.key === 'Escape' && event.target === header.search) {
    const { text: _, ...rest } = route
    go(gallery, rest)
  } else if (event.key === 'ArrowDown' && event.target === header.search && visible[0]) {
    event.preventDefault()
    grid.focus(keyOf(visible[0].id))
  }
}

function filterOf({ image: _, ...filter }: Route): GalleryFilter {
  return filter
}

function imageOf({ image }: Route): Route {
  return image ? { image } : {}
}
