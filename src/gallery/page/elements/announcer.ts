import { counted } from '../state/format.ts'
import { element, icon } from './dom.ts'

/** How long it gathers changes for one announcement, in milliseconds. */
const GATHERING = 400
/** How long a notice stays, in milliseconds. */
const STAYING = 6_000

export interface Announcer {
  /** Must be inside the open dialog, if there is one: screen readers ignore what lies behind it. */
  readonly host: HTMLElement
  /** Says a sentence to screen readers once the current burst of changes is over. */
  say(sentence: string): void
  /** Shows a sentence for a while, and says it. */
  notify(sentence: string, kind: 'done' | 'failed'): void
}

/** A live region. Of a burst of changes it says the first few, and counts the rest. */
export function createAnnouncer(): Announcer {
  const spoken = element('div', { class: 'visually-hidden', role: 'status' })
  const notices = element('div', { class: 'notices', role: 'alert' })
  let gathered: string[] = []
  const speak = (): void => {
    const [first, second, third, ...rest] = gathered
    const more = rest.length > 0 ? `And ${counted(rest.length, 'further change')}.` : undefined
    spoken.textContent = [first, second, third, more].filter(Boolean).join(' ')
    gathered = []
  }
  return {
    host: element('div', { class: 'announcer' }, spoken, notices),
    say(sentence) {
      if (gathered.length === 0) window.setTimeout(speak, GATHERING)
      gathered.push(sentence)
    },
    notify(sentence, kind) {
      const sign = icon(kind === 'done' ? 'ready' : 'failed')
      notices.replaceChildren(element('p', { class: `notice notice-${kind}` }, sign, sentence))
      const shown = notices.firstChild
      window.setTimeout(() => shown?.remove(), kind === 'done' ? STAYING / 3 : STAYING * 2)
    },
  }
}
