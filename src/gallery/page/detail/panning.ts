/// <reference lib="dom" />

const MOST_ZOOM = 8

export interface Panning {
  readonly zoom: number
  zoomTo(zoom: number): void
  reset(): void
}

/**
 * Zoom and position as custom properties of a host: every picture inside shares them. Wheel and
 * `+`/`-`/`0` zoom; dragging and arrow keys move.
 */
export function createPanning(host: HTMLElement, onZoom: (zoom: number) => void): Panning {
  let zoom = 1
  // As fractions of a view, from its middle.
  let x = 0
  let y = 0
  const apply = (): void => {
    const reach = (zoom - 1) / 2
    x = clamp(x, -reach, reach)
    y = clamp(y, -reach, reach)
    host.style.setProperty('--zoom', String(zoom))
    host.style.setProperty('--x', `${x * 100}%`)
    host.style.setProperty('--y', `${y * 100}%`)
    host.classList.toggle('zoomed', zoom > 1)
  }
  const zoomTo = (wanted: number): void => {
    const next = clamp(wanted, 1, MOST_ZOOM)
    x *= next / zoom
    y *= next / zoom
    zoom = next
    apply()
    onZoom(zoom)
  }
  const move = (byX: number, byY: number): void => {
    x += byX
    y += byY
    apply()
  }
  host.tabIndex = 0
  host.setAttribute('role', 'group')
  host.setAttribute('aria-label', 'Picture: plus and minus zoom, arrow keys move')
  host.addEventListener('keydown', event => {
    const done = onKey(event.key, zoom, zoomTo, move)
    if (!done) return
    event.preventDefault()
    event.stopPropagation()
  })
  host.addEventListener(
    'wheel',
    event => {
      if (event.ctrlKey || zoom > 1) event.preventDefault()
      else return
      zoomTo(zoom * (event.deltaY < 0 ? 1.15 : 1 / 1.15))
    },
    { passive: false },
  )
  host.addEventListener('dblclick', () => zoomTo(zoom > 1 ? 1 : 3))
  listenToDrag(host, (byX, byY) => zoom > 1 && move(byX, byY))
  apply()
  return {
    get zoom() {
      return zoom
    },
    zoomTo,
    reset: () => zoomTo(1),
  }
}

function onKey(
  key: string,
  zoom: number,
  zoomTo: (zoom: number) => void,
  move: (byX: number, byY: number) => void,
): boolean {
  if (key === '+' || key === '=') zoomTo(zoom * 1.5)
  else if (key === '-') zoomTo(zoom / 1.5)
  else if (key === '0') zoomTo(1)
  else if (zoom === 1) return false
  else if (key === 'ArrowLeft') move(0.1, 0)
  else if (key === 'ArrowRight') move(-0.1, 0)
  else if (key === 'ArrowUp') move(0, 0.1)
  else if (key === 'ArrowDown') move(0, -0.1)
  else return false
  return true
}

/** Reports movements as fractions of the view under the pointer. */
function listenToDrag(host: HTMLElement, onMove: (byX: number, byY: number) => void): void {
  let from: { readonly id: number; x: number; y: number; readonly view: DOMRect } | undefined
  host.addEventListener('pointerdown', event => {
    const view = event.target instanceof Element ? event.target.closest('.view') : null
    if (!view || event.button !== 0) return
    host.setPointerCapture(event.pointerId)
    from = {
      id: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      view: view.getBoundingClientRect(),
    }
  })
  host.addEventListener('pointermove', event => {
    if (from?.id !== event.pointerId) return
    onMove((event.clientX - from.x) / from.view.width, (event.clientY - from.y) / from.view.height)
    from.x = event.clientX
    from.y = event.clientY
  })
  const end = (): void => {
    from = undefined
  }
  host.addEventListener('pointerup', end)
  host.addEventListener('pointercancel', end)
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
