import { capitalize, type StateLabel } from '../state/state-words.ts'
import { element, icon } from './dom.ts'

/** Icon and word: colour alone tells no state. */
export function stateBadge(label: StateLabel): HTMLElement {
  return element('span', { class: `badge badge-${label}` }, icon(label), capitalize(label))
}
