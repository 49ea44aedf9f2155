import { useRef } from 'preact/hooks'
import { formatAmount } from '../../../text/format-amount.ts'
import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { ElapsedClock } from '../elements/clocks.tsx'
import { Icon } from '../elements/icon.tsx'
import { StateBadge } from '../elements/state-badge.tsx'
import { StateFrame } from '../elements/state-frame.tsx'
import { formatSize } from '../state/format.ts'
import { keyOf, realSize, sizeMismatch } from '../state/gallery-state.ts'
import { formatRoute } from '../state/route.ts'
import { describeState, labelOf } from '../state/state-words.ts'
import { useStore } from '../state/store-context.ts'
import { useNearScreen } from './near-screen.ts'
import { SelectBox } from './select-box.tsx'

interface CardProps {
  readonly image: GalleryImage
}

/** One image in the grid. Its words come first, for whoever hears them. */
export function Card({ image }: CardProps) {
  const key = keyOf(image.id)
  const cell = useRef<HTMLLIElement>(null)
  const isNear = useNearScreen(cell).value
  return (
    <li class="cell" ref={cell} data-state={labelOf(image.status)}>
      <a class="card" href={formatRoute({ image: key })} data-key={key}>
        <Caption image={image} isNear={isNear} />
        {isNear ? <Mat image={image} /> : <span class="mat" />}
      </a>
      {isNear && <SelectBox name={key} label={image.id.name} />}
    </li>
  )
}

function Mat({ image }: CardProps) {
  const { picture, alt = '' } = image
  const url = picture && (picture.thumbnailUrl ?? picture.url)
  const first = useRef(url)
  if (!picture || !url) {
    return (
      <span class="mat">
        <StateFrame image={image} words={image.trouble?.reason ?? describeState(image)} />
      </span>
    )
  }
  // `loading` must come before `src`, which would otherwise load at once.
  return (
    <span class="mat">
      <img
        key={url}
        class={url === first.current ? undefined : 'arriving'}
        loading="lazy"
        decoding="async"
        width={picture.width}
        height={picture.height}
        alt={alt}
        src={url}
      />
      <Veil image={image} />
    </span>
  )
}

/** How long the next picture has taken so far. */
function Veil({ image: { status, since } }: CardProps) {
  if (labelOf(status) !== 'generating' || since === undefined) return null
  return (
    <span class="veil line tone small" data-tone="busy">
      <Icon name="generating" />
      <ElapsedClock since={since} />
    </span>
  )
}

/** Far from the screen a card has its words only: they can be found, and cost little. */
function Caption({ image, isNear }: CardProps & { readonly isNear: boolean }) {
  const { status } = image
  return (
    <span class="caption">
      <span class="line apart">
        <span class="name clip strong" dir="auto">
          {image.id.name}
        </span>
        {isNear && <StateBadge label={labelOf(status)} />}
      </span>
      {isNear && <Facts image={image} />}
    </span>
  )
}

function Facts({ image }: CardProps) {
  const { context } = useStore()
  const { usage } = context.value
  const { id, picture, alternatives } = image
  const mismatch = picture && sizeMismatch(picture)
  return (
    <span class="row quiet small numbers">
      <span>{formatSize(realSize(image))}</span>
      {mismatch && (
        <span class="line tone" data-tone="warn">
          <Icon name="mismatch" />
          size differs
        </span>
      )}
      {picture && <span>{formatBytes(picture.bytes)}</span>}
      {picture?.cost && <span>{formatAmount(picture.cost.amount, picture.cost.currency)}</span>}
      {picture && alternatives.length > 0 && <span>{alternatives.length + 1} revisions</span>}
      {usage?.scope === 'complete' && usage.usesOf(id).length === 0 && <span>unused</span>}
    </span>
  )
}
