import { capitalize, type StateLabel, toneOf } from '../state/state-words.ts'
import { Icon } from './icon.tsx'

/** Icon and word: colour alone tells no state. */
export function StateBadge({ label }: { readonly label: StateLabel }) {
  return (
    <span class="line tone small" data-tone={toneOf(label)}>
      <Icon name={label} />
      {capitalize(label)}
    </span>
  )
}
