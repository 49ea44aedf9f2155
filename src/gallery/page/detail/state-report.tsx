import { useSignal } from '@preact/signals'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { planCancel } from '../actions/cancel-offer.ts'
import { OfferButton } from '../actions/offer-button.tsx'
import { planOffers } from '../actions/offers.ts'
import { AgeClock, ElapsedClock } from '../elements/clocks.tsx'
import { Icon } from '../elements/icon.tsx'
import { capitalize, describeState, labelOf, toneOf } from '../state/state-words.ts'
import { useData, useStore } from '../state/store-context.ts'

interface StateReportProps {
  readonly image: GalleryImage
}

/**
 * The image's state: the reason first, then what can be done about it, then the API's own words;
 * nothing when it is ready.
 */
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
      <p dir="auto">{reasonOf(image)}</p>
      <Offers image={image} />
      {image.picture && (
        <p>Pages show the picture of the earlier request until the new one is there.</p>
      )}
      <Keepable image={image} />
      <OwnWords image={image} />
    </section>
  )
}

function reasonOf(image: GalleryImage): string {
  const { status, trouble } = image
  const generating = 'Generating. This can take a few minutes.'
  // What may have been billed is said of uncertain images alone.
  const isUncertain = status.state === 'uncertain'
  return (isUncertain ? undefined : trouble?.reason) ?? (describeState(image) || generating)
}

function OwnWords({ image: { status, trouble } }: StateReportProps) {
  const whole = useStore().details.value?.words
  const isWhole = useSignal(false)
  const words = trouble?.words
  if (words === undefined) return null
  return (
    <details>
      <summary class="small">All that is known</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls */}
      <p class="own-words tall small" dir="auto" tabIndex={0}>
        {isWhole.value ? (whole ?? words) : words}
      </p>
      {status.state === 'unusable' && (
        <p class="small">
          The answer itself lies in local/quarantine of the cache directory, on the machine that got
          it.
        </p>
      )}
      {whole !== undefined && (
        <button
          class="button"
          type="button"
          aria-expanded={isWhole.value}
          onClick={() => {
            isWhole.value = !isWhole.value
          }}
        >
          {isWhole.value ? 'Show the beginning only' : `Show all ${whole.length} characters`}
        </button>
      )}
    </details>
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
  const data = useData()
  const offers = [...planOffers(image, data), ...planCancel(image, data)]
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
