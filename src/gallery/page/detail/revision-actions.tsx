import { useRef } from 'preact/hooks'
import {
  type GalleryImage,
  type GalleryPicture,
  MOST_ALTERNATIVES,
} from '../../data/gallery-data.ts'
import { OfferButton } from '../actions/offer-button.tsx'
import { planAlternatives, planUse } from '../actions/offers.ts'
import { performOffer } from '../actions/perform-offer.ts'
import { useData, useStore } from '../state/store-context.ts'

interface RevisionActionsProps {
  readonly image: GalleryImage
  /** The one on the stage. */
  readonly picture: GalleryPicture | undefined
}

/** Below the stage: controls to choose a revision, and to ask for more. */
export function RevisionActions({ image, picture }: RevisionActionsProps) {
  const data = useData()
  if (!data.actions || !image.picture || image.source !== undefined) return null
  const other = picture && picture.digest !== image.picture.digest && picture.usable
  const use = other ? planUse(image, picture.revision, data) : undefined
  const { blocked } = planAlternatives(image, data, 1)
  return (
    <div class="stack grow">
      <div class="row">
        {use && <OfferButton offer={use} primary />}
        <Alternatives image={image} />
      </div>
      {blocked && <p class="small quiet">{blocked}</p>}
      {use && (
        <p class="small quiet">{`Writes revision: ${picture?.revision} into ${image.id.manifest}.`}</p>
      )}
    </div>
  )
}

/** How many alternatives, and a button that asks for them. */
function Alternatives({ image }: Pick<RevisionActionsProps, 'image'>) {
  const store = useStore()
  const data = useData()
  const count = useRef<HTMLInputElement>(null)
  const { label, blocked } = planAlternatives(image, data, 1)
  const ask = (): void => {
    const wanted = Math.round(Number(count.current?.value)) || 1
    const within = Math.min(MOST_ALTERNATIVES, Math.max(1, wanted))
    void performOffer(planAlternatives(image, data, within), store)
  }
  return (
    <span class="line push">
      <input
        ref={count}
        class="field number"
        type="number"
        min={1}
        max={MOST_ALTERNATIVES}
        defaultValue="2"
        aria-label="How many alternatives"
      />
      <button
        class="button"
        type="button"
        aria-disabled={blocked ? 'true' : undefined}
        onClick={() => !blocked && ask()}
      >
        {label}
      </button>
    </span>
  )
}
