import type { GalleryLocation } from '../data/gallery-data.ts'
import type { Offer } from './actions/offers.ts'
import { element, icon } from './dom.ts'
import { formatAge, formatElapsed } from './format.ts'
import { capitalize, type StateLabel } from './state-words.ts'

/** Icon and word, so that no state is told by colour alone. */
export function stateBadge(label: StateLabel): HTMLElement {
  return element('span', { class: `badge badge-${label}` }, icon(label), capitalize(label))
}

/** A place in a manifest, which opens in the editor where there is one. */
export function locationLink(location: GalleryLocation, text: string): HTMLElement {
  const { editorUrl } = location
  if (!editorUrl) return element('span', { class: 'path' }, text)
  return element(
    'button',
    {
      class: 'link path',
      type: 'button',
      title: 'Open in the editor',
      'data-focus': 'location',
      click: () => void fetch(editorUrl).catch(() => undefined),
    },
    text,
    icon('open'),
  )
}

/** A time that {@link refreshTimes} keeps true. */
export function age(time: string): HTMLElement {
  const made = element('time', {
    datetime: time,
    title: new Date(time).toLocaleString(),
    'data-clock': 'age',
  })
  showTime(made, Date.now())
  return made
}

export function elapsed(since: string): HTMLElement {
  const made = element('time', {
    datetime: since,
    class: 'elapsed',
    'data-clock': 'elapsed',
    'aria-hidden': 'true',
  })
  showTime(made, Date.now())
  return made
}

/** Brings every clock of the page up to date. */
export function refreshTimes(root: ParentNode, now: number): void {
  for (const clock of root.querySelectorAll<HTMLElement>('time[data-clock]')) showTime(clock, now)
}

function showTime(clock: HTMLElement, now: number): void {
  const then = Date.parse(clock.getAttribute('datetime') ?? '')
  const text = clock.dataset.clock === 'age' ? formatAge(then, now) : formatElapsed(now - then)
  if (clock.textContent !== text) clock.textContent = text
}

/** A button that cannot be used stays reachable, so that its reason can be found. */
export function offerButton(
  offer: Offer,
  onOffer: (offer: Offer) => void,
  primary: boolean,
): HTMLElement {
  return element(
    'button',
    {
      class: primary ? 'button button-primary' : 'button',
      type: 'button',
      title: offer.blocked,
      'aria-disabled': offer.blocked ? 'true' : undefined,
      'data-focus': `offer ${offer.label}`,
      click: () => !offer.blocked && onOffer(offer),
    },
    offer.label,
  )
}
