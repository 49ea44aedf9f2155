import { formatAmount } from '../../../text/format-amount.ts'
import { useStore } from '../state/store-context.ts'
import type { Offer } from './offers.ts'
import { performOffer } from './perform-offer.ts'

interface OfferButtonProps {
  readonly offer: Offer
  readonly primary?: boolean
}

/** A blocked button stays reachable: its title says why it is blocked. */
export function OfferButton({ offer, primary = false }: OfferButtonProps) {
  const store = useStore()
  return (
    <button
      class={primary ? 'button primary' : 'button'}
      type="button"
      title={offer.blocked}
      aria-disabled={offer.blocked ? 'true' : undefined}
      onClick={() => !offer.blocked && void performOffer(offer, store)}
    >
      {offer.label}
      {offer.cost && (
        <span class="price small">{` ${formatAmount(offer.cost.amount, offer.cost.currency)}`}</span>
      )}
    </button>
  )
}
