import { type ReadonlySignal, useSignal } from '@preact/signals'
import { createContext, type RefObject } from 'preact'
import { useContext, useEffect, useMemo } from 'preact/hooks'

/** Tells once when an element comes near the screen. */
export interface NearScreen {
  observe(element: Element, onNear: () => void): () => void
}

export const NearScreenContext = createContext<NearScreen | undefined>(undefined)

/** One observer for all cards. */
export function useNearScreenObserver(): NearScreen {
  return useMemo(() => {
    const waiting = new Map<Element, () => void>()
    const observer = new IntersectionObserver(
      entries => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) waiting.get(target)?.()
        }
      },
      { rootMargin: '100% 0px' },
    )
    const forget = (element: Element): void => {
      waiting.delete(element)
      observer.unobserve(element)
    }
    return {
      observe(element, onNear) {
        waiting.set(element, () => {
          forget(element)
          onNear()
        })
        observer.observe(element)
        return () => forget(element)
      },
    }
  }, [])
}

/** Whether an element has been near the screen. It stays so: what was drawn is cheap to keep. */
export function useNearScreen(ref: RefObject<Element | null>): ReadonlySignal<boolean> {
  const near = useContext(NearScreenContext)
  const isNear = useSignal(false)
  useEffect(() => {
    if (!ref.current || isNear.value) return
    return near?.observe(ref.current, () => {
      isNear.value = true
    })
  }, [near, ref, isNear])
  return isNear
}
