import { Icon } from '../elements/icon.tsx'
import { FACETS, type Facet, type FacetName } from '../state/filter/facets.ts'
import { countFacet, countLabels } from '../state/filter/gallery-filter.ts'
import { SORT_ORDERS, type SortOrder } from '../state/filter/sort-images.ts'
import { capitalize, STATE_LABELS, type StateLabel, toneOf } from '../state/state-words.ts'
import { useData, useStore } from '../state/store-context.ts'

/** A toggle for every state that occurs, with how many images it would show. */
export function StateChoices() {
  const { images } = useData()
  const { filter, context } = useStore()
  const labels = countLabels(images, filter.value, context.value)
  const total = [...labels.values()].reduce((sum, count) => sum + count, 0)
  const shown = STATE_LABELS.filter(name => labels.has(name) || name === filter.value.label)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would have to be styled away
    <div class="chips scroll" role="group" aria-label="State">
      <StateChoice label={undefined} count={total} />
      {shown.map(name => (
        <StateChoice key={name} label={name} count={labels.get(name) ?? 0} />
      ))}
    </div>
  )
}

interface StateChoiceProps {
  /** Undefined: every state. */
  readonly label: StateLabel | undefined
  readonly count: number
}

function StateChoice({ label, count }: StateChoiceProps) {
  const { filter, narrow } = useStore()
  const isChosen = filter.value.label === label
  return (
    <button
      class="chip"
      data-tone={label && toneOf(label)}
      type="button"
      aria-pressed={isChosen}
      onClick={() => narrow({ label: isChosen ? undefined : label })}
    >
      {label && <Icon name={label} />}
      {label ? capitalize(label) : 'All'}{' '}
      <span class="quiet small">{count.toLocaleString('en')}</span>
    </button>
  )
}

/** A choice among the values of a facet; nothing where there is only one. */
export function FacetChoice({ name }: { readonly name: FacetName }) {
  const { images } = useData()
  const { filter, context, narrow } = useStore()
  const facet: Facet = FACETS[name]
  const chosen = filter.value[name]
  const counts = countFacet(name, images, filter.value, context.value)
  if (counts.size < 2 && chosen === undefined && name !== 'manifest') return null
  return (
    <select
      class="field choice"
      aria-label={facet.label}
      value={chosen ?? ''}
      onChange={({ currentTarget: { value } }) => narrow({ [name]: value })}
    >
      <option value="">{facet.all}</option>
      {[...counts].map(([value, count]) => (
        <option key={value} value={value}>{`${facet.describe(value)} (${count})`}</option>
      ))}
      {chosen !== undefined && !counts.has(chosen) && (
        <option value={chosen}>{`${facet.describe(chosen)} (0)`}</option>
      )}
    </select>
  )
}

export function SortChoice() {
  const { filter, narrow } = useStore()
  const orders = Object.entries(SORT_ORDERS)
  return (
    <select
      class="field choice"
      aria-label="Order"
      value={filter.value.sort ?? 'manifest'}
      onChange={({ currentTarget: { value } }) => narrow({ sort: sortNamed(value) })}
    >
      {orders.map(([name, label]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  )
}

/** Undefined: the order that needs not be said. */
function sortNamed(value: string): SortOrder | undefined {
  const isOrder = (name: string): name is SortOrder => Object.hasOwn(SORT_ORDERS, name)
  return isOrder(value) && value !== 'manifest' ? value : undefined
}
