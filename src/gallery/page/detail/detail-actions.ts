import {
  type GalleryData,
  type GalleryImage,
  type GalleryPicture,
  MOST_ALTERNATIVES,
} from '../../data/gallery-data.ts'
import { offerButton } from '../actions/offer-button.ts'
import { type Offer, planAlternatives, planOffers, planUse } from '../actions/offers.ts'
import { ageClock, elapsedClock } from '../elements/clocks.ts'
import { element, icon } from '../elements/dom.ts'
import { capitalize, describeState, labelOf } from '../state/state-words.ts'

export interface ActionSubject {
  readonly image: GalleryImage
  readonly picture: GalleryPicture | undefined
  readonly actions: GalleryData['actions']
  readonly budget: GalleryData['budget']
}

/** The image's state in words, and what can be done about it. */
export function statePart(
  { image }: ActionSubject,
  data: GalleryData,
  onOffer: (offer: Offer) => void,
): readonly Node[] {
  const label = labelOf(image.status)
  if (label === 'ready') return []
  const offers = planOffers(image, data)
  return [
    element(
      'section',
      { class: `state state-${label}` },
      element(
        'h3',
        {},
        icon(label),
        capitalize(label),
        label === 'generating' && image.since !== undefined && elapsedClock(image.since),
      ),
      element('p', {}, describeState(image) || 'The API is at it. This can take minutes.'),
      image.picture &&
        element(
          'p',
          {},
          'Pages show the picture of the earlier request until the new one is there.',
        ),
      image.keep &&
        element(
          'p',
          {},
          'Its earlier picture was made ',
          ageClock(image.keep.createdAt),
          `; only the ${image.keep.because.join(' and ')} changed since. It can stay, without a request.`,
        ),
      ...offerButtons(offers, onOffer),
    ),
  ]
}

/** Below the stage: controls to choose a revision, and to ask for more. */
export function revisionActions(
  { image, picture }: ActionSubject,
  data: GalleryData,
  onOffer: (offer: Offer) => void,
): readonly Node[] {
  if (!data.actions || !image.picture || image.source !== undefined) return []
  const other = picture && picture.digest !== image.picture.digest && picture.usable
  const use = other ? planUse(image, picture.revision, data) : undefined
  const one = planAlternatives(image, data, 1)
  const ask = (count: number): void => onOffer(planAlternatives(image, data, count))
  return [
    element(
      'div',
      { class: 'revision-actions' },
      use && offerButton(use, onOffer, true),
      alternativesControl(one, ask),
    ),
    ...(one.blocked ? [element('p', { class: 'blocked' }, one.blocked)] : []),
    ...(use
      ? [
          element(
            'p',
            { class: 'aside' },
            `Writes revision: ${picture?.revision} into ${image.id.manifest}.`,
          ),
        ]
      : []),
  ]
}

/** How many alternatives, and a button that asks for them. */
function alternativesControl({ label, blocked }: Offer, ask: (count: number) => void): HTMLElement {
  const count = element('input', {
    class: 'number',
    type: 'number',
    min: 1,
    max: MOST_ALTERNATIVES,
    value: 2,
    'aria-label': 'How many alternatives',
    'data-focus': 'count',
  })
  const read = (): number => {
    const wanted = Math.round(Number(count.value)) || 1
    return Math.min(MOST_ALTERNATIVES, Math.max(1, wanted))
  }
  const button = element(
    'button',
    {
      class: 'button',
      type: 'button',
      'data-focus': 'alternatives',
      'aria-disabled': blocked ? 'true' : undefined,
      click: () => !blocked && ask(read()),
    },
    label,
  )
  return element('span', { class: 'alternatives' }, count, button)
}

function offerButtons(offers: readonly Offer[], onOffer: (offer: Offer) => void): readonly Node[] {
  const [first] = offers
  if (!first) return []
  const buttons = offers.map(offer => offerButton(offer, onOffer, offer === first))
  const blocked = offers.find(offer => offer.blocked)?.blocked
  return [
    element('div', { class: 'state-buttons' }, ...buttons),
    ...(blocked ? [element('p', { class: 'blocked' }, blocked)] : []),
  ]
}
