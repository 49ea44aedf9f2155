import type { Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { Icon } from '../elements/icon.tsx'
import { FACET_NAMES, type FacetName } from '../state/filter/facets.ts'
import type { GalleryFilter } from '../state/filter/gallery-filter.ts'
import { useStore } from '../state/store-context.ts'
import { FacetChoice } from './filters.tsx'

/** Those that stand beside the search. */
const ALWAYS_SHOWN: readonly FacetName[] = ['manifest']
const FURTHER = FACET_NAMES.filter(name => !ALWAYS_SHOWN.includes(name))

/** Whether one of the further filters is set. */
export function isNarrowed(filter: GalleryFilter): boolean {
  return FURTHER.some(name => filter[name] !== undefined)
}

/** Shows and hides the further filters, and says how many of them narrow the grid. */
export function FilterToggle({ isOpen }: { readonly isOpen: Signal<boolean> }) {
  const filter = useStore().filter.value
  const count = FURTHER.filter(name => filter[name] !== undefined).length
  return (
    <button
      class="chip"
      type="button"
      aria-expanded={isOpen.value}
      aria-controls="filters"
      onClick={() => {
        isOpen.value = !isOpen.value
      }}
    >
      <Icon name="filter" />
      Filters{count > 0 && ` (${count})`}
    </button>
  )
}

export function FilterPanel() {
  const { filter, context, loadUsage, narrow } = useStore()
  useEffect(() => {
    void loadUsage()
  }, [loadUsage])
  const set = FURTHER.filter(name => filter.value[name] !== undefined)
  const isGuess = filter.value.use === 'unused' && context.value.usage?.scope === 'loaded'
  return (
    <div class="row filters" id="filters">
      {FURTHER.map(name => (
        <FacetChoice key={name} name={name} />
      ))}
      {set.length > 0 && (
        <button
          class="chip"
          type="button"
          onClick={() => narrow(Object.fromEntries(set.map(name => [name, undefined])))}
        >
          Clear filters
        </button>
      )}
      {isGuess && (
        <p class="small quiet">
          Only the modules that the development server has loaded are known. Other modules may use
          these images.
        </p>
      )}
    </div>
  )
}
