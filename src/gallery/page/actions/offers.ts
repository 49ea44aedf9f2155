import { sumAmounts } from '../../../cost/sum-amounts.ts'
import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryAmount } from '../../data/gallery-costs.ts'
import type { GalleryBudget, GalleryData, GalleryImage } from '../../data/gallery-data.ts'
import type { GalleryAction } from '../../server/gallery-action.ts'
import { counted } from '../state/format.ts'
import { dependentsOf, missingReferences } from '../state/gallery-state.ts'
import { labelOf } from '../state/state-words.ts'

/** Something that somebody can agree to. */
export interface Offer {
  /** They are sent one after another. */
  readonly actions: readonly GalleryAction[]
  /** What it is about: `hero of site.image.yaml`. */
  readonly subject: string
  readonly label: string
  /** How many pictures it requests, missing references included. */
  readonly requests: number
  /** What they are expected to cost. Absent when one of them has no price. */
  readonly cost?: GalleryAmount
  /** The names of those references. */
  readonly first?: readonly string[]
  /** A sentence about consequences other than the cost. */
  readonly warning?: string
  /** A sentence that says why it is not possible now. */
  readonly blocked?: string
}

/** What can be done about an image's state; nothing in a static export. */
export function planOffers(image: GalleryImage, data: GalleryData): readonly Offer[] {
  if (!data.actions || image.source !== undefined) return []
  return [...planRequests(image, data), ...planKeep(image)]
}

/** Lets an earlier picture stay, which needs no key and no budget. */
function planKeep(image: GalleryImage): readonly Offer[] {
  if (!image.keep) return []
  return [
    {
      actions: [{ action: 'keep', image: image.id }],
      subject: subjectOf(image),
      label: 'Keep this picture',
      requests: 0,
    },
  ]
}

function planRequests(image: GalleryImage, data: GalleryData): readonly Offer[] {
  const { id } = image
  const subject = subjectOf(image)
  const { status } = image
  const request = (offer: Omit<Offer, 'subject' | 'requests'>): Offer =>
    withReferences({ ...offer, subject, requests: 1 }, [image], data)
  switch (status.state) {
    case 'missing':
    case 'blocked':
    case 'held':
      return [request({ actions: [{ action: 'generate', image: id }], label: 'Generate' })]
    case 'failed':
    case 'refused':
    case 'unusable':
    case 'newer':
      return [request({ actions: [{ action: 'retry', image: id }], label: 'Retry' })]
    case 'corrupt':
      return [
        request({
          actions: [{ action: 'retry', image: id }],
          label: 'Generate again',
          warning: 'The damaged file stays in quarantine. The new picture will differ from it.',
        }),
      ]
    case 'uncertain':
      return [
        request({
          actions: [{ action: 'resolve', image: id, answer: 'ask-again' }],
          label: 'Ask again',
          warning: `The earlier ${status.attempts === 1 ? 'attempt' : 'attempts'} may have been billed already.`,
        }),
        {
          actions: [{ action: 'resolve', image: id, answer: 'give-up' }],
          subject,
          label: 'Drop this request',
          requests: 0,
          warning: 'The image counts as missing again. The attempt may still be billed.',
        },
      ]
    case 'queued':
    case 'waiting':
    case 'generating':
    case 'receiving':
    case 'retrying':
    case 'ready':
      return []
  }
}

/** All images that are missing, if there are at least two. */
export function planMissing(images: readonly GalleryImage[], data: GalleryData): Offer | undefined {
  const missing = images.filter(({ status }) => labelOf(status) === 'missing')
  if (!data.actions || missing.length < 2) return undefined
  return withReferences(
    {
      actions: missing.map(({ id }) => ({ action: 'generate', image: id })),
      subject: listed(missing.map(({ id }) => id.name)),
      label: `Generate ${missing.length} missing`,
      requests: missing.length,
    },
    missing,
    data,
  )
}

/** Further pictures of the same request, to choose among. */
export function planAlternatives(image: GalleryImage, data: GalleryData, count: number): Offer {
  const subject = subjectOf(image)
  return withReferences(
    {
      actions: [{ action: 'alternatives', image: image.id, count }],
      subject,
      label: 'Generate alternatives',
      requests: count,
    },
    [image],
    data,
  )
}

/** Writes another revision into the manifest. */
export function planUse(image: GalleryImage, revision: number, data: GalleryData): Offer {
  const subject = subjectOf(image)
  const dependents = dependentsOf(image.id, data.images)
  return {
    actions: [{ action: 'use', image: image.id, revision }],
    subject,
    label: 'Use this one',
    requests: 0,
    ...(dependents.length > 0 && {
      warning: `${listed(dependents.map(({ id }) => id.name))} ${dependents.length === 1 ? 'is an edit' : 'are edits'} of this image and will be generated again to match.`,
    }),
  }
}

/** `This generates 3 pictures, hero among them, for about 0.12 USD. 12 of 100 of the budget are used.` */
export function describeCost(
  { requests, cost, first = [] }: Offer,
  { budget }: GalleryData,
): string {
  if (requests === 0) return 'This sends no request.'
  const also = first.length > 0 ? `, ${listed(first)} among them` : ''
  const price = cost ? `, for about ${formatAmount(cost.amount, cost.currency)}` : ''
  const sentence = `This generates ${counted(requests, 'picture')}${also}${price}.`
  return budget
    ? `${sentence} ${budget.spent} of ${budget.limit} of the budget are used.`
    : sentence
}

/** Adds the images' references that have no picture yet: they are generated first. */
export function withReferences(
  offer: Offer,
  images: readonly GalleryImage[],
  data: GalleryData,
): Offer {
  const references = missingReferences(images, data.images)
  const first = references.map(({ id }) => id.name)
  // Of one image several pictures are wanted, or one of each.
  const each = offer.requests / Math.max(1, images.length)
  const cost = sumPrices(
    images.map(({ price }) => price && { ...price, amount: price.amount * each }),
    references.map(({ price }) => price),
  )
  return withBlock(
    {
      ...offer,
      requests: offer.requests + first.length,
      ...(cost && { cost }),
      ...(first.length > 0 && { first }),
    },
    data,
  )
}

/** Undefined when one of them is. */
function sumPrices(
  ...lists: readonly (readonly (GalleryAmount | undefined)[])[]
): GalleryAmount | undefined {
  const prices = lists.flat()
  const known = prices.filter(price => price !== undefined)
  const [first] = known
  if (!first || known.length < prices.length) return undefined
  return { ...first, amount: sumAmounts(known.map(({ amount }) => amount)) }
}

function withBlock(offer: Offer, { actions, budget }: GalleryData): Offer {
  const blocked = actions?.refusal ?? (budget && describeLack(offer, budget))
  return blocked ? { ...offer, blocked } : offer
}

/** Why the budget does not hold so much, as a sentence; undefined when it does. */
function describeLack(
  { requests, cost }: Offer,
  { spent, limit, spend }: GalleryBudget,
): string | undefined {
  const left = limit - spent
  if (left < requests) {
    return `The budget for 60 minutes has ${left > 0 ? `only ${counted(left, 'picture')}` : 'nothing'} left. Wait, or raise budget.images.`
  }
  if (!spend) return undefined
  if (!cost)
    return '`budget.spend` is set, but not every picture has a price. Add prices to `budget.prices`.'
  if (sumAmounts([spend.spent, cost.amount]) <= spend.limit) return undefined
  const money = formatAmount(Math.max(0, spend.limit - spend.spent), spend.currency)
  return `The budget for 60 minutes has only ${money} left. Wait, or raise budget.spend.`
}

function subjectOf({ id }: GalleryImage): string {
  return `${id.name} of ${id.manifest}`
}

export function listed(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
  const [first = '', ...rest] = names
  const last = rest.pop()
  return last === undefined ? first : `${[first, ...rest].join(', ')} and ${last}`
}
