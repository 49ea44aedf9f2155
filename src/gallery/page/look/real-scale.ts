import { type ReadonlySignal, useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'
import { realZoom, type Viewport } from './viewport.ts'

/**
 * How large the first picture beside an element is, in per cent of its pixels; undefined before it is
 * drawn.
 */
export function useRealScale(
  { zoom }: Viewport,
  beside: RefObject<Element | null>,
): ReadonlySignal<number | undefined> {
  const scale = useSignal<number | undefined>(undefined)
  const zoomed = zoom.value
  // After every drawing: another picture has another size.
  useEffect(() => {
    const host = beside.current?.closest('.showing') ?? null
    const measure = (): void => {
      scale.value = Math.round((100 * zoomed) / realZoom(host))
    }
    const observer = new ResizeObserver(measure)
    for (const view of host?.querySelectorAll('.view') ?? []) observer.observe(view)
    measure()
    return () => observer.disconnect()
  })
  return scale
}
