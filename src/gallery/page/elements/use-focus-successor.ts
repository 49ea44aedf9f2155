import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * When an element goes with the focus in it, the first of these that is there takes the focus.
 * Otherwise a screen reader would begin at the top again.
 * @param selectors the best one first
 */
export function useFocusSuccessor<Element extends HTMLElement>(...selectors: readonly string[]) {
  const ref = useRef<Element>(null)
  const wanted = useRef(selectors)
  wanted.current = selectors
  useLayoutEffect(() => {
    const element = ref.current
    return () => {
      // It is still in the page, and gone with the next microtask.
      if (!element?.contains(document.activeElement)) return
      queueMicrotask(() => focusFirst(wanted.current))
    }
  }, [])
  return ref
}

function focusFirst(selectors: readonly string[]): void {
  // Nothing behind an open dialog takes the focus.
  const root = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document
  for (const selector of selectors) {
    const found = root.querySelector<HTMLElement>(selector)
    if (!found) continue
    found.focus()
    return
  }
}
