import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryReview } from '../../data/gallery-review.ts'
import { counted } from '../state/format.ts'
import { keyOf } from '../state/gallery-state.ts'
import { useData, useStore } from '../state/store-context.ts'
import { ReviewedCard } from './reviewed-card.tsx'

/** What changed since a commit, as far as the filters let it through. */
export function Review({ review }: { readonly review: GalleryReview }) {
  const { visible } = useStore()
  const { images } = useData()
  const isNarrowed = visible.value.length < images.length
  const shown = new Map(visible.value.map(image => [keyOf(image.id), image]))
  const listed = review.images.filter(
    ({ image, change }) => shown.has(keyOf(image)) || (change === 'removed' && !isNarrowed),
  )
  return (
    <section class="section stack" aria-labelledby="review-title">
      <h2 class="title" id="review-title">
        {review.images.length === 0 ? 'Nothing' : counted(review.images.length, 'image')} changed
        since {review.since}
      </h2>
      <p class="row quiet small numbers">
        <code>{review.commit}</code>
        {review.cost && (
          <span>New pictures: {formatAmount(review.cost.amount, review.cost.currency)}</span>
        )}
        <span>{review.unchanged} unchanged</span>
      </p>
      <ul class="stack">
        {listed.map(each => (
          <ReviewedCard
            key={keyOf(each.image)}
            reviewed={each}
            now={shown.get(keyOf(each.image))}
          />
        ))}
      </ul>
    </section>
  )
}
