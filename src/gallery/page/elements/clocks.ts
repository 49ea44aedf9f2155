import { formatAge, formatElapsed } from '../state/format.ts'
import { element } from './dom.ts'

/** A time that {@link refreshClocks} keeps true. */
export function ageClock(time: string): HTMLElement {
  const made = element('time', {
    datetime: time,
    title: new Date(time).toLocaleString(),
    'data-clock': 'age',
  })
  showTime(made, Date.now())
  return made
}

/** How long something has taken so far. */
export function elapsedClock(since: string): HTMLElement {
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
export function refreshClocks(root: ParentNode, now: number): void {
  for (const clock of root.querySelectorAll<HTMLElement>('time[data-clock]')) showTime(clock, now)
}

function showTime(clock: HTMLElement, now: number): void {
  const then = Date.parse(clock.getAttribute('datetime') ?? '')
  const text = clock.dataset.clock === 'age' ? formatAge(then, now) : formatElapsed(now - then)
  if (clock.textContent !== text) clock.textContent = text
}
