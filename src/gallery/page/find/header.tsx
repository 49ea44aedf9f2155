import { useSignal } from '@preact/signals'
import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryBudget, GalleryData } from '../../data/gallery-data.ts'
import { OfferButton } from '../actions/offer-button.tsx'
import { planMissing } from '../actions/offers.ts'
import { counted, formatAge } from '../state/format.ts'
import { useData, useStore } from '../state/store-context.ts'
import { FilterPanel, FilterToggle, isNarrowed } from './filter-panel.tsx'
import { FacetChoice, SortChoice, StateChoices } from './filters.tsx'
import { SearchField } from './search.tsx'

/** Title, budget, search and filters. */
export function Header() {
  const { filter } = useStore()
  const isOpen = useSignal(isNarrowed(filter.value))
  return (
    <header class="header stack">
      <div class="row apart">
        <Title />
        <Spending />
      </div>
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
  const { project, mode, actions, createdAt, images, cost } = useData()
  const facts = [
    counted(images.length, 'image'),
    cost && `spent ${formatAmount(cost.spent, cost.currency)}`,
    mode !== 'generate' && `${mode} mode`,
    !actions && `exported ${formatAge(Date.parse(createdAt), Date.now())}`,
  ]
  return (
    <div class="row">
      <h1>{project}</h1>
      <p class="quiet">{facts.filter(Boolean).join(' · ')}</p>
    </div>
  )
}

function Spending() {
  const data = useData()
  const { visible } = useStore()
  const { budget } = data
  const bulk = planMissing(visible.value, data)
  return (
    <div class="row quiet">
      {bulk && <OfferButton offer={bulk} />}
      {budget && <RequestMeter budget={budget} />}
      {budget?.spend && <SpendMeter spend={budget.spend} />}
    </div>
  )
}

function RequestMeter({ budget: { spent, limit } }: { readonly budget: GalleryBudget }) {
  return (
    <Meter
      text={`Budget: ${spent} of ${limit}`}
      part={spent / Math.max(1, limit)}
      title="Images requested in the last 60 minutes, and how many may be"
    />
  )
}

type Spend = NonNullable<NonNullable<GalleryData['budget']>['spend']>

function SpendMeter({ spend: { spent, limit, currency } }: { readonly spend: Spend }) {
  const amount = (value: number): string => formatAmount(value, currency)
  return (
    <Meter
      text={`${amount(Math.max(0, limit - spent))} left`}
      part={limit > 0 ? spent / limit : 1}
      title={`${amount(spent)} spent in the last 60 minutes, of ${amount(limit)} that may be`}
    />
  )
}

interface MeterProps {
  readonly text: string
  readonly part: number
  readonly title: string
}

function Meter({ text, part, title }: MeterProps) {
  return (
    <div class="line small numbers" title={title}>
      <span>{text}</span>
      <span class="meter" aria-hidden="true" style={{ '--part': Math.min(1, part) }} />
    </div>
  )
}
