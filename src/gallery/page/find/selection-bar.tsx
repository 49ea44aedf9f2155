import { sumAmounts } from '../../../cost/sum-amounts.ts'
import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { planBulk } from '../actions/bulk-offers.ts'
import { OfferButton } from '../actions/offer-button.tsx'
import { copyText } from '../elements/copy-text.ts'
import { counted } from '../state/format.ts'
import { keyOf } from '../state/gallery-state.ts'
import { useData, useStore } from '../state/store-context.ts'
import { joinImports } from './import-lines.ts'

/** What can be done about the selected images; nothing while none is selected. */
export function SelectionBar() {
  const { selected, selection, visible, announcer } = useStore()
  const data = useData()
  const images = selected.value
  if (images.length === 0) return null
  const isAll = visible.value.every(({ id }) => selection.keys.value.has(keyOf(id)))
  return (
    <section class="selection row" aria-label="Selection">
      <p class="numbers" role="status">
        {[`${images.length.toLocaleString('en')} selected`, costOf(images)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {planBulk(images, data).map(offer => (
        <OfferButton key={offer.label} offer={offer} />
      ))}
      <button
        class="button"
        type="button"
        onClick={() => void copyText(joinImports(images), announcer)}
      >
        Copy {counted(images.length, 'import')}
      </button>
      <CompareButton images={images} />
      {!isAll && (
        <button
          class="chip push"
          type="button"
          onClick={() => selection.select(visible.value.map(({ id }) => keyOf(id)))}
        >
          Select all {visible.value.length.toLocaleString('en')}
        </button>
      )}
      <button class={isAll ? 'chip push' : 'chip'} type="button" onClick={selection.clear}>
        Clear selection
      </button>
    </section>
  )
}

/** Two pictures, of any images. */
function CompareButton({ images }: { readonly images: readonly GalleryImage[] }) {
  const { go, filter } = useStore()
  const [first, second, ...others] = images
  if (!first?.picture || !second?.picture || others.length > 0) return null
  const route = { ...filter.value, image: keyOf(first.id), with: keyOf(second.id) }
  return (
    <button class="button" type="button" onClick={() => go(route, 'push')}>
      Compare
    </button>
  )
}

/** What the pictures that are there cost; empty when that is known of none. */
function costOf(images: readonly GalleryImage[]): string {
  const costs = images.flatMap(({ picture }) => picture?.cost ?? [])
  const [first] = costs
  if (!first) return ''
  return `cost ${formatAmount(sumAmounts(costs.map(({ amount }) => amount)), first.currency)}`
}
