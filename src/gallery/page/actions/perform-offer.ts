import type { GalleryData } from '../../data/gallery-data.ts'
import type { Announcer } from '../elements/announcer.ts'
import { sentenceOf } from '../state/format.ts'
import { confirmOffer } from './confirm.ts'
import { describeCost, type Offer } from './offers.ts'
import type { SendAction } from './send-action.ts'

export interface OfferContext {
  readonly announcer: Announcer
  readonly source: { readonly act: SendAction }
  /** What the page shows; another one after each update. */
  readonly data: GalleryData | undefined
}

/** Asks if need be, sends an offer's actions, and says what came of that. */
export async function performOffer(offer: Offer, context: OfferContext): Promise<void> {
  const { data, source, announcer } = context
  if (!data?.actions) return
  const asks = offer.requests > 0 || offer.warning !== undefined
  if (asks && !(await confirmOffer(offer, data))) return
  // A server that was restarted meanwhile has another token.
  const { token } = context.data?.actions ?? data.actions
  try {
    for (const action of offer.actions) await source.act(action, token)
    const cost = offer.requests > 0 ? describeCost(offer, context.data ?? data) : ''
    announcer.say(`${offer.label}: on its way. ${cost}`)
  } catch (error) {
    announcer.notify(sentenceOf(error), 'failed')
  }
}
