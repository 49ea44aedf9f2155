import { element, icon } from '../elements/dom.ts'
import { createStage, type Stage } from './stage.ts'

/** The panel's elements, before they show an image. */
export interface DetailView {
  readonly host: HTMLDialogElement
  readonly heading: HTMLElement
  readonly badge: HTMLElement
  readonly origin: HTMLElement
  /** Words about the image. */
  readonly facts: HTMLElement
  readonly modes: HTMLElement
  readonly stage: Stage
  /** Takes the stage's place as long as there is no picture. */
  readonly gap: HTMLElement
  readonly strip: HTMLElement
  readonly actions: HTMLElement
}

/** @param step goes back or forth by one image */
export function createDetailView(step: (by: -1 | 1) => void): DetailView {
  const heading = element('h2', {
    class: 'detail-name',
    id: 'detail-name',
    tabindex: -1,
    autofocus: true,
  })
  const badge = element('div', { class: 'detail-badge' })
  const origin = element('span', { class: 'detail-origin path' })
  const facts = element('div', { class: 'parts' })
  const modes = element('div', { class: 'modes' })
  const stage = createStage()
  const gap = element('div', { class: 'gap' })
  const strip = element('div', {})
  const actions = element('div', {})
  const nav = element(
    'div',
    { class: 'detail-nav' },
    navButton('Previous image', 'previous', () => step(-1)),
    navButton('Next image', 'next', () => step(1)),
    navButton('Close', 'close', () => host.close()),
  )
  const showing = element('div', { class: 'showing' }, modes, stage.host, gap, strip, actions)
  const host = element(
    'dialog',
    { class: 'detail', 'aria-labelledby': 'detail-name' },
    element('header', { class: 'detail-head' }, heading, badge, origin, nav),
    element('div', { class: 'detail-body' }, showing, facts),
  )
  host.addEventListener('keydown', event => stepByKey(event, stage.zoomed, step))
  host.addEventListener('click', event => event.target === host && host.close())
  return { host, heading, badge, origin, facts, modes, stage, gap, strip, actions }
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

/** Left and right arrow go through the images, unless a control or a zoomed picture needs them. */
function stepByKey(event: KeyboardEvent, zoomed: boolean, step: (by: -1 | 1) => void): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  if (event.target instanceof HTMLInputElement) return
  if (event.target instanceof HTMLPreElement) return
  if (zoomed && event.target instanceof HTMLElement && event.target.closest('.views')) return
  if (event.key === 'ArrowLeft') step(-1)
  if (event.key === 'ArrowRight') step(1)
}
