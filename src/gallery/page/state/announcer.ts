import { type ReadonlySignal, signal } from '@preact/signals'
import { counted } from './format.ts'

/** How long it gathers changes for one announcement, in milliseconds. */
const GATHERING = 400
/** How long a notice stays, in milliseconds. */
const STAYING = { done: 2_000, failed: 12_000 } as const

export interface Notice {
  readonly kind: keyof typeof STAYING
  readonly sentence: string
}

export interface Announcer {
  /** What screen readers say. */
  readonly spoken: ReadonlySignal<string>
  /** What is shown for a while. */
  readonly notice: ReadonlySignal<Notice | undefined>
  /** Says a sentence to screen readers once the current burst of changes is over. */
  say(sentence: string): void
  /** Shows a sentence for a while, and says it. */
  notify(sentence: string, kind: Notice['kind']): void
}

/** Of a burst of changes it says the first few, and counts the rest. */
export function createAnnouncer(): Announcer {
  const spoken = signal('')
  const notice = signal<Notice | undefined>(undefined)
  let gathered: string[] = []
  const speak = (): void => {
    const [first, second, third, ...rest] = gathered
    const more = rest.length > 0 ? `And ${counted(rest.length, 'further change')}.` : undefined
    spoken.value = [first, second, third, more].filter(Boolean).join(' ')
    gathered = []
  }
  return {
    spoken,
    notice,
    say(sentence) {
      if (gathered.length === 0) window.setTimeout(speak, GATHERING)
      gathered.push(sentence)
    },
    notify(sentence, kind) {
      const shown = { kind, sentence }
      notice.value = shown
      window.setTimeout(() => {
        if (notice.value === shown) notice.value = undefined
      }, STAYING[kind])
    },
  }
}
