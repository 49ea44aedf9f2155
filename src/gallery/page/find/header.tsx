import { type Signal, useSignal } from '@preact/signals'
import { OfferButton } from '../actions/offer-button.tsx'
import { planMissing } from '../actions/offers.ts'
import { BudgetLeft, spendingFacts } from '../money/spending.tsx'
import { counted, formatAge } from '../state/format.ts'
import { useData, useStore } from '../state/store-context.ts'
import { ManifestChange } from '../words/manifest-changes.tsx'
import { FilterPanel, FilterToggle, isNarrowed } from './filter-panel.tsx'
import { FacetChoice, SortChoice, StateChoices } from './filters.tsx'
import { SearchField } from './search.tsx'

/** Title, budget, search and filters. */
export function Header() {
  const { filter, visible } = useStore()
  const isOpen = useSignal(isNarrowed(filter.value))
  const areChangesOpen = useSignal(false)
  const bulk = planMissing(visible.value, useData())
  return (
    <header class="header stack">
      <div class="row apart">
        <Title />
        <BudgetLeft>
          {bulk && <OfferButton offer={bulk} />}
          <ChangesToggle isOpen={areChangesOpen} />
        </BudgetLeft>
      </div>
      {areChangesOpen.value && <AllChanges />}
      <search class="row" aria-label="Find images">
        <SearchField />
        <FacetChoice name="manifest" />
        <SortChoice />
        <FilterToggle isOpen={isOpen} />
        {isOpen.value && <FilterPanel />}
        <StateChoices />
      </search>
    </header>
  )
}

function Title() {
  const data = useData()
  const { project, mode, actions, createdAt, images } = data
  const facts = [
    counted(images.length, 'image'),
    ...spendingFacts(data),
    mode !== 'generate' && `${mode} mode`,
    !actions && `exported ${formatAge(Date.parse(createdAt), Date.now())}`,
  ]
  return (
    <div class="row">
      <h1 class="title">{project}</h1>
      <p class="quiet">{facts.filter(Boolean).join(' · ')}</p>
    </div>
  )
}

/** What the page wrote into manifests, each with its undo. */
function ChangesToggle({ isOpen }: { readonly isOpen: Signal<boolean> }) {
  const { changes = [] } = useData()
  if (changes.length === 0) return null
  return (
    <button
      class="chip"
      type="button"
      aria-expanded={isOpen.value}
      onClick={() => {
        isOpen.value = !isOpen.value
      }}
    >
      {counted(changes.length, 'change')}
    </button>
  )
}

function AllChanges() {
  const { changes = [] } = useData()
  return (
    <section class="stack tall" aria-label="Changes of manifests">
      {changes.map(change => (
        <ManifestChange key={change.id} change={change} isNamed />
      ))}
    </section>
  )
}
