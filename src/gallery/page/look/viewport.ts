/// <reference lib="dom" />
import { type ReadonlySignal, signal } from '@preact/signals'

export const MOST_ZOOM = 8
const LEAST_ZOOM = 0.05

export interface Viewport {
  readonly zoom: ReadonlySignal<number>
  /** Custom properties of a host: every picture inside shares zoom, position and divider. */
  readonly style: () => Readonly<Record<`--${string}`, string>>
  /** Where the divider lies between two pictures, in percent. */
  readonly split: ReadonlySignal<number>
  zoomTo(zoom: number): void
  /** By fractions of a view. */
  move(byX: number, byY: number): void
  splitAt(percent: number): void
}

/** Zoom and position of one picture, or of two that show the same spot. */
export function createViewport(): Viewport {
  // As fractions of a view, from its middle.
  const state = signal({ zoom: 1, x: 0, y: 0 })
  const zoom = signal(1)
  const split = signal(50)
  const show = (next: { readonly zoom: number; readonly x: number; readonly y: number }): void => {
    const reach = Math.max(0, next.zoom - 1) / 2
    const within = (value: number): number => clamp(value, -reach, reach)
    state.value = { zoom: next.zoom, x: within(next.x), y: within(next.y) }
    zoom.value = next.zoom
  }
  return {
    zoom,
    split,
    style() {
      const { x, y } = state.value
      return {
        '--zoom': String(state.value.zoom),
        '--x': `${x * 100}%`,
        '--y': `${y * 100}%`,
        '--split': `${split.value}%`,
      }
    },
    zoomTo(wanted) {
      const { zoom: from, x, y } = state.value
      const to = clamp(wanted, LEAST_ZOOM, MOST_ZOOM)
      show({ zoom: to, x: (x * to) / from, y: (y * to) / from })
    },
    move(byX, byY) {
      const { zoom: now, x, y } = state.value
      show({ zoom: now, x: x + byX, y: y + byY })
    },
    splitAt(percent) {
      split.value = Math.round(clamp(percent, 0, 100))
    },
  }
}

/** The zoom at which one pixel of the first picture inside a host is one of the page. */
export function realZoom(host: Element | null): number {
  const view = host?.querySelector('.view')
  const width = Number(view?.querySelector('img')?.getAttribute('width'))
  const shown = view?.getBoundingClientRect().width ?? 0
  return shown > 0 ? width / shown : 1
}

/** `+`, `-`, `0` and `1` zoom; arrow keys move what is zoomed. False: the key means something else. */
export function controlByKey(
  { key, currentTarget }: KeyboardEvent,
  { zoom, zoomTo, move }: Viewport,
): boolean {
  const zooms: Readonly<Record<string, number>> = {
    '+': zoom.value * 1.5,
    '=': zoom.value * 1.5,
    '-': zoom.value / 1.5,
    '0': 1,
    '1': currentTarget instanceof Element ? realZoom(currentTarget) : 1,
  }
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [0.1, 0],
    ArrowRight: [-0.1, 0],
    ArrowUp: [0, 0.1],
    ArrowDown: [0, -0.1],
  }
  const next = zooms[key]
  const by = zoom.value > 1 ? moves[key] : undefined
  if (next !== undefined) zoomTo(next)
  if (by) move(...by)
  return next !== undefined || by !== undefined
}

/** The wheel zooms with Ctrl, and what is zoomed already; else it scrolls. */
export function controlByWheel(event: WheelEvent, { zoom, zoomTo }: Viewport): void {
  if (!event.ctrlKey && zoom.value <= 1) return
  event.preventDefault()
  zoomTo(zoom.value * (event.deltaY < 0 ? 1.15 : 1 / 1.15))
}

/** Follows the pointer that went down inside `.view`. */
export function controlByDrag(event: PointerEvent, { zoom, move }: Viewport): void {
  const host = event.currentTarget
  const view = event.target instanceof Element ? event.target.closest('.view') : null
  if (!(host instanceof HTMLElement) || !view || event.button !== 0 || zoom.value <= 1) return
  host.setPointerCapture(event.pointerId)
  const { width, height } = view.getBoundingClientRect()
  let from = event
  const drag = (next: PointerEvent): void => {
    move((next.clientX - from.clientX) / width, (next.clientY - from.clientY) / height)
    from = next
  }
  host.addEventListener('pointermove', drag)
  host.addEventListener('lostpointercapture', () => host.removeEventListener('pointermove', drag), {
    once: true,
  })
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
