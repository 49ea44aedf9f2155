import { type ReadonlySignal, signal } from '@preact/signals'

/** The images that somebody selected, by their keys. */
export interface ImageSelection {
  readonly keys: ReadonlySignal<ReadonlySet<string>>
  /** Selects an image or leaves it out again; with `isRange` all from the last one to this. */
  toggle(key: string, isRange: boolean): void
  select(keys: Iterable<string>): void
  clear(): void
}

/** @param shown keys of the grid's images, in their order */
export function createImageSelection(shown: () => readonly string[]): ImageSelection {
  const keys = signal<ReadonlySet<string>>(new Set())
  let last: string | undefined
  return {
    keys,
    toggle(key, isRange) {
      const next = new Set(keys.value)
      const range = isRange ? between(shown(), last, key) : []
      for (const each of range) next.add(each)
      if (range.length === 0 && !next.delete(key)) next.add(key)
      keys.value = next
      last = key
    },
    select(wanted) {
      keys.value = new Set(wanted)
    },
    clear() {
      keys.value = new Set()
      last = undefined
    },
  }
}

function between(keys: readonly string[], from: string | undefined, to: string): readonly string[] {
  const [a, b] = [from === undefined ? -1 : keys.indexOf(from), keys.indexOf(to)]
  return a < 0 || b < 0 ? [] : keys.slice(Math.min(a, b), Math.max(a, b) + 1)
}
