import type { GalleryImage } from '../../data/gallery-data.ts'
import { OfferButton } from '../actions/offer-button.tsx'
import { planOffers } from '../actions/offers.ts'
import { AgeClock, ElapsedClock } from '../elements/clocks.tsx'
import { Icon } from '../elements/icon.tsx'
import { capitalize, describeState, labelOf, toneOf } from '../state/state-words.ts'
import { useData } from '../state/store-context.ts'

interface StateReportProps {
  readonly image: GalleryImage
}

/** The image's state in words, and what can be done about it; nothing when it is ready. */
export function StateReport({ image }: StateReportProps) {
  const label = labelOf(image.status)
  if (label === 'ready') return null
  return (
    <section class="state stack box words" data-tone={toneOf(label)}>
      <h3 class="line tone">
        <Icon name={label} />
        {capitalize(label)}
        {label === 'generating' && image.since !== undefined && (
          <ElapsedClock since={image.since} />
        )}
      </h3>
      <p>{describeState(image) || 'Generating. This can take a few minutes.'}</p>
      {image.picture && (
        <p>Pages show the picture of the earlier request until the new one is there.</p>
      )}
      <Keepable image={image} />
      <Offers image={image} />
    </section>
  )
}

function Keepable({ image: { keep } }: StateReportProps) {
  if (!keep) return null
  return (
    <p>
      Its earlier picture was made <AgeClock time={keep.createdAt} />
      {`; only the ${keep.because.join(' and ')} changed since. It can stay, without a request.`}
    </p>
  )
}

function Offers({ image }: StateReportProps) {
  const offers = planOffers(image, useData())
  const blocked = offers.find(offer => offer.blocked)?.blocked
  if (offers.length === 0) return null
  return (
    <>
      <div class="row">
        {offers.map((offer, index) => (
          <OfferButton key={offer.label} offer={offer} primary={index === 0} />
        ))}
      </div>
      {blocked && <p class="small">{blocked}</p>}
    </>
  )
}
