import { Icon } from '../elements/icon.tsx'
import { countChoices } from '../state/gallery-state.ts'
import { capitalize, STATE_LABELS, type StateLabel, toneOf } from '../state/state-words.ts'
import { useData, useStore } from '../state/store-context.ts'

/** A toggle for every state that occurs, with how many images it would show. */
export function StateChoices() {
  const { images } = useData()
  const filter = useStore().filter.value
  const { labels } = countChoices(images, filter)
  const total = [...labels.values()].reduce((sum, count) => sum + count, 0)
  const shown = STATE_LABELS.filter(name => labels.has(name) || name === filter.label)
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
  const { filter, changeFilter } = useStore()
  const chosen = filter.value.label
  return (
    <button
      class="chip"
      data-tone={label && toneOf(label)}
      type="button"
      aria-pressed={chosen === label}
      onClick={() =>
        changeFilter(({ label: _, ...rest }) =>
          label && label !== chosen ? { ...rest, label } : rest,
        )
      }
    >
      {label && <Icon name={label} />}
      {label ? capitalize(label) : 'All'}{' '}
      <span class="quiet small">{count.toLocaleString('en')}</span>
    </button>
  )
}

export function ManifestChoice() {
  const { images } = useData()
  const { filter, changeFilter } = useStore()
  const { manifests } = countChoices(images, filter.value)
  return (
    <select
      class="field select-manifest"
      aria-label="Manifest"
      value={filter.value.manifest ?? ''}
      onChange={({ currentTarget: { value } }) =>
        changeFilter(({ manifest: _, ...rest }) => (value ? { ...rest, manifest: value } : rest))
      }
    >
      <option value="">All manifests</option>
      {[...manifests].map(([path, count]) => (
        <option key={path} value={path}>{`${path} (${count})`}</option>
      ))}
    </select>
  )
}
