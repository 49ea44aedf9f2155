import type { GalleryData, GalleryImage } from '../data/gallery-data.ts'
import { confirmOffer } from './actions/confirm.ts'
import { describeCost, type Offer, planMissing } from './actions/offers.ts'
import { createAnnouncer } from './announcer.ts'
import { createDetail } from './detail/detail.ts'
import { refreshClocks } from './elements/clocks.ts'
import { element } from './elements/dom.ts'
import { createGrid } from './grid/grid.ts'
import { createHeader } from './header.ts'
import { emptyPart, errorPart, faultsPart, noMatchPart } from './messages.ts'
import { formatRoute, parseRoute, type Route } from './route.ts'
import type { GallerySource } from './source.ts'
import { applyUpdate, type GalleryFilter, inOrder, keyOf, matches } from './state/gallery-state.ts'
import { labelOf } from './state/state-words.ts'

/** Builds the page inside `body` and keeps it true to its source. */
export function startGallery(body: HTMLElement, source: GallerySource): void {
  let data: GalleryData | undefined
  let route: Route = parseRoute(location.hash)
  let visible: readonly GalleryImage[] = []

  const announcer = createAnnouncer()
  const grid = createGrid()
  const header = createHeader({
    filter: change => go({ ...change(filterOf(route)), ...imageOf(route) }),
    offer: offer => void perform(offer),
  })
  const detail = createDetail({
    offer: offer => void perform(offer),
    copy: text => void copy(text),
    step: by => step(by),
    close: () => closeDetail(),
  })
  const messages = element('div', { class: 'messages' })
  const connection = element('p', { class: 'connection', role: 'status' })
  const main = element('main', { class: 'main' }, messages, grid.host)
  body.replaceChildren(connection, header.host, main, detail.host, announcer.host)

  const render = (): void => {
    if (!data) return
    const filter = filterOf(route)
    visible = data.images.filter(image => matches(image, filter))
    document.title = `${data.project} · Image gallery`
    header.show(data, filter, planMissing(visible, data))
    grid.show(visible)
    const none =
      data.images.length === 0 ? emptyPart() : visible.length === 0 ? noMatchPart(() => go({})) : []
    messages.replaceChildren(...faultsPart(data.faults), ...none)
    renderDetail(data)
  }

  const renderDetail = (from: GalleryData): void => {
    const image = from.images.find(({ id }) => keyOf(id) === route.image)
    if (image) detail.show(image, from)
    else detail.hide()
    const place = image ? detail.host : body
    if (announcer.host.parentElement !== place) place.append(announcer.host)
  }

  const go = (next: Route, how: 'replace' | 'push' = 'replace'): void => {
    route = next
    const hash = formatRoute(next)
    if (how === 'push') history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
    render()
  }

  const closeDetail = (): void => {
    const { image } = route
    go(filterOf(route))
    if (image) grid.focus(image)
  }

  const step = (by: -1 | 1): void => {
    const index = visible.findIndex(({ id }) => keyOf(id) === route.image)
    const next = visible[index + by]
    if (index >= 0 && next) go({ ...filterOf(route), image: keyOf(next.id) })
  }

  const perform = async (offer: Offer): Promise<void> => {
    if (!data?.actions) return
    const asks = offer.requests > 0 || offer.warning !== undefined
    if (asks && !(await confirmOffer(offer, data))) return
    try {
      for (const action of offer.actions) await source.act(action, data.actions.token)
      announcer.say(
        `${offer.label}: on its way. ${offer.requests > 0 ? describeCost(offer, data) : ''}`,
      )
    } catch (error) {
      announcer.notify(sentenceOf(error), 'failed')
    }
  }

  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      announcer.notify('Copied.', 'done')
    } catch {
      announcer.notify(
        'The browser did not allow copying. Select the line and copy it yourself.',
        'failed',
      )
    }
  }

  const load = async (): Promise<void> => {
    try {
      const loaded = await source.load()
      data = { ...loaded, images: inOrder(loaded.images) }
      render()
    } catch (error) {
      messages.replaceChildren(...errorPart(sentenceOf(error), () => void load()))
    }
  }

  source.subscribe({
    update(update) {
      if (!data) return
      for (const sentence of changesOf(data, update.images ?? [])) announcer.say(sentence)
      data = applyUpdate(data, update)
      render()
    },
    connection(state) {
      connection.textContent =
        state === 'lost'
          ? 'The development server cannot be reached. What you see may be out of date.'
          : ''
      if (state === 'there') void load()
    },
  })
  body.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    const { image } = parseRoute(link.getAttribute('href') ?? '')
    if (image) go({ ...filterOf(route), image }, route.image ? 'replace' : 'push')
  })
  document.addEventListener('keydown', event => {
    const typing =
      event.target instanceof HTMLElement && event.target.matches('input, select, textarea')
    if (event.key === '/' && !typing && !route.image) {
      event.preventDefault()
      header.search.focus()
      header.search.select()
    } else if (event.key === 'Escape' && event.target === header.search) {
      const { text: _, ...rest } = route
      go(rest)
    } else if (event.key === 'ArrowDown' && event.target === header.search && visible[0]) {
      event.preventDefault()
      grid.focus(keyOf(visible[0].id))
    }
  })
  window.addEventListener('popstate', () => {
    route = parseRoute(location.hash)
    render()
  })
  window.setInterval(() => refreshClocks(document, Date.now()), 1_000)
  void load()
}

function filterOf({ image: _, ...filter }: Route): GalleryFilter {
  return filter
}

function imageOf({ image }: Route): Route {
  return image ? { image } : {}
}

/** A sentence for every image whose label changed. */
function changesOf(data: GalleryData, images: readonly GalleryImage[]): readonly string[] {
  const before = new Map(data.images.map(image => [keyOf(image.id), labelOf(image.status)]))
  return images
    .filter(({ id, status }) => before.get(keyOf(id)) !== labelOf(status))
    .map(({ id, status }) => `${id.name}: ${labelOf(status)}.`)
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
