import type { GalleryData } from '../../data/gallery-data.ts'
import { counted, sentenceOf } from '../state/format.ts'
import type { GalleryStore } from '../state/gallery-store.ts'
import type { Question } from '../state/questions.ts'
import { describeCost, type Offer } from './offers.ts'

/** Asks if need be, sends an offer's actions, and says what came of that. */
export async function performOffer(offer: Offer, store: GalleryStore): Promise<void> {
  const { studio, announcer, questions } = store
  const data = store.data.value
  if (!data?.actions) return
  const asks = offer.requests > 0 || offer.warning !== undefined
  if (asks && !(await questions.ask(questionOf(offer, data)))) return
  try {
    for (const action of offer.actions) await studio.act(action)
    const cost = offer.requests > 0 ? describeCost(offer, store.data.value ?? data) : ''
    announcer.say(`${offer.label}: on its way. ${cost}`)
  } catch (error) {
    announcer.notify(sentenceOf(error), 'failed')
  }
}

function questionOf(offer: Offer, data: GalleryData): Question {
  const { requests, label, subject, warning } = offer
  const agreed = requests > 0 ? `Generate ${counted(requests, 'picture')}` : label
  return {
    title: `${agreed}?`,
    subject,
    sentences: [describeCost(offer, data), ...(warning === undefined ? [] : [warning])],
    agreed,
  }
}
