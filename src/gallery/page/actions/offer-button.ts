import { element } from '../elements/dom.ts'
import type { Offer } from './offers.ts'

/** A blocked button stays reachable: its title says why it is blocked. */
export function offerButton(
  offer: Offer,
  onOffer: (offer: Offer) => void,
  primary: boolean,
): HTMLElement {
  return element(
    'button',
    {
      class: primary ? 'button button-primary' : 'button',
      type: 'button',
      title: offer.blocked,
      'aria-disabled': offer.blocked ? 'true' : undefined,
      'data-focus': `offer ${offer.label}`,
      click: () => !offer.blocked && onOffer(offer),
    },
    offer.label,
  )
}
