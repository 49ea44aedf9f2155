import { type ReadonlySignal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** Cards of the first screen, and of each frame after it. */
const FIRST = 60
const MORE = 150

/**
 * How many cards are drawn: the first screen at once, then more with every frame. So pictures appear
 * as early as of a few images, and in the end every card is there to be found, by search and keyboard.
 */
export function useGrowing(total: number): ReadonlySignal<number> {
  const count = useSignal(FIRST)
  const isDone = count.value >= total
  useEffect(() => {
    if (isDone) return
    const frame = requestAnimationFrame(() => {
      count.value += MORE
    })
    return () => cancelAnimationFrame(frame)
  }, [count, count.value, isDone])
  return count
}
