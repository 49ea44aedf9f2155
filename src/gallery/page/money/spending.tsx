import type { ComponentChildren } from 'preact'
import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryBudget, GalleryData } from '../../data/gallery-data.ts'
import { Icon } from '../elements/icon.tsx'
import { useData } from '../state/store-context.ts'

/** What is left of the budget. */
export function BudgetLeft({ children }: { readonly children?: ComponentChildren }) {
  const { budget } = useData()
  return (
    <div class="row quiet">
      {children}
      {budget && <RequestMeter budget={budget} />}
      {budget?.spend && <SpendMeter spend={budget.spend} />}
    </div>
  )
}

/** `spent 0.62 EUR`, `0.08 EUR today`: what is known of it. */
export function spendingFacts({ cost, today }: GalleryData): readonly string[] {
  return [
    cost && `spent ${formatAmount(cost.spent, cost.currency)}`,
    today && `${formatAmount(today.spent, today.currency)} today`,
  ].filter(part => part !== undefined)
}

/** What may have been billed without a picture; nothing when that is not so. */
export function PossibleWaste() {
  const { cost } = useData()
  if (!cost || cost.possiblyWasted <= 0) return null
  return (
    <p class="faults line small quiet">
      <Icon name="uncertain" />
      {`${formatAmount(cost.possiblyWasted, cost.currency)} more may have been billed without a picture`}
    </p>
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
