import type { GalleryData } from '../../data/gallery-data.ts'
import { counted, sentenceOf } from '../state/format.ts'
import type { GalleryStore } from '../state/gallery-store.ts'
import type { Question } from '../state/questions.ts'
import { describeCost, type Offer } from './offers.ts'

/** Asks if need be, sends an offer's actions, and says what came of that. */
export async function performOffer(offer: Offer, store: GalleryStore): Promise<void> {
  const { source, announcer, questions } = store
  const data = store.data.value
  if (!data?.actions) return
  const asks = offer.requests > 0 || offer.warning !== undefined
  if (asks && !(await questions.ask(questionOf(offer, data)))) return
  // A server that was restarted meanwhile has another token.
  const current = store.data.value ?? data
  const { token } = current.actions ?? data.actions
  try {
    for (const action of offer.actions) await source.act(action, token)
    const cost = offer.requests > 0 ? describeCost(offer, current) : ''
    announcer.say(`${offer.label}: on its way. ${cost}`)
  } catch (error) {
    announcer.notify(sentenceOf(error), 'failed')
  }
}

function questionOf(offer: Offer, data: GalleryData): Question {
  const { requests, label, subject, warning } = offer
  const agreed = requests > 0 ? `Buy ${counted(requests, 'picture')}` : label
  return {
    title: `${agreed}?`,
    subject,
    sentences: [describeCost(offer, data), ...(warning === undefined ? [] : [warning])],
    agreed,
  }
}
