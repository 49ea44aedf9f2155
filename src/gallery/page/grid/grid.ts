import type { GalleryImage, GalleryLocation } from '../../data/gallery-data.ts'
import { element } from '../elements/dom.ts'
import { locationLink } from '../elements/location-link.ts'
import { counted } from '../state/format.ts'
import { keyOf } from '../state/gallery-state.ts'
import { type Card, createCard } from './card.ts'

export interface Grid {
  readonly host: HTMLElement
  /** Shows these images in this order, under their manifests. Cards that stay keep their elements. */
  show(images: readonly GalleryImage[]): void
  focus(key: string): void
}

interface Section {
  readonly host: HTMLElement
  readonly list: HTMLElement
  readonly count: HTMLElement
}

export function createGrid(): Grid {
  const host = element('div', { class: 'grid' })
  const cards = new Map<string, Card>()
  const sections = new Map<string, Section>()
  host.addEventListener('keydown', event => moveFocus(host, event))
  return {
    host,
    show(images) {
      const groups = groupByManifest(images)
      for (const [manifest, group] of groups) {
        const section = sections.get(manifest) ?? createSection(manifest, group[0].location)
        sections.set(manifest, section)
        section.count.textContent = counted(group.length, 'image')
        settle(
          section.list,
          group.map(image => cardFor(image, cards).element),
        )
      }
      settle(
        host,
        [...groups.keys()].flatMap(manifest => sections.get(manifest)?.host ?? []),
      )
    },
    focus(key) {
      host.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
    },
  }
}

function cardFor(image: GalleryImage, cards: Map<string, Card>): Card {
  const key = keyOf(image.id)
  const known = cards.get(key)
  known?.update(image)
  const card = known ?? createCard(image)
  cards.set(key, card)
  return card
}

type Group = [GalleryImage, ...GalleryImage[]]

function groupByManifest(images: readonly GalleryImage[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>()
  for (const image of images) {
    const group = groups.get(image.id.manifest)
    if (group) group.push(image)
    else groups.set(image.id.manifest, [image])
  }
  return groups
}

function createSection(manifest: string, location: GalleryLocation): Section {
  const list = element('ul', { class: 'cards', role: 'list' })
  const count = element('span', { class: 'section-count' })
  const heading = element('h2', { class: 'section-name' }, locationLink(location, manifest))
  const host = element(
    'section',
    { class: 'section', 'aria-label': manifest },
    element('div', { class: 'section-head' }, heading, count),
    list,
  )
  return { host, list, count }
}

/** Makes `wanted` the children of a host. Nodes in the right place do not move: moving loses the focus. */
function settle(host: HTMLElement, wanted: readonly Element[]): void {
  const keep = new Set(wanted)
  for (const child of [...host.children]) if (!keep.has(child)) child.remove()
  wanted.forEach((child, index) => {
    if (host.children[index] !== child) host.insertBefore(child, host.children[index] ?? null)
  })
}

/** Arrow keys, Home and End go through the cards as they lie on the screen, across sections. */
function moveFocus(host: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const cards = [...host.querySelectorAll<HTMLElement>('.card')]
  const index = cards.findIndex(card => card.matches(':focus'))
  const current = cards[index]
  if (!current) return
  const target = {
    ArrowLeft: () => cards[index - 1],
    ArrowRight: () => cards[index + 1],
    ArrowUp: () => nearestInRow(current, cards.slice(0, index).reverse()),
    ArrowDown: () => nearestInRow(current, cards.slice(index + 1)),
    Home: () => cards[0],
    End: () => cards.at(-1),
  }[event.key]
  if (!target) return
  event.preventDefault()
  const next = target()
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

/** The card in the next row whose middle is closest. */
function nearestInRow(
  current: HTMLElement,
  others: readonly HTMLElement[],
): HTMLElement | undefined {
  const from = current.getBoundingClientRect()
  const middle = from.left + from.width / 2
  let rowTop: number | undefined
  let best: { readonly card: HTMLElement; readonly distance: number } | undefined
  for (const card of others) {
    const box = card.getBoundingClientRect()
    if (Math.abs(box.top - from.top) < 2) continue
    rowTop ??= box.top
    if (Math.abs(box.top - rowTop) >= 2) break
    const distance = Math.abs(box.left + box.width / 2 - middle)
    if (!best || distance < best.distance) best = { card, distance }
  }
  return best?.card
}
