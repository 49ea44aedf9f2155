import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import type { ReviewedImage } from '../../data/gallery-review.ts'
import { Icon, type IconName } from '../elements/icon.tsx'
import { keyOf } from '../state/gallery-state.ts'
import { formatRoute } from '../state/route.ts'
import { describeState } from '../state/state-words.ts'
import { WordChanges } from './word-changes.tsx'

interface ReviewedCardProps {
  readonly reviewed: ReviewedImage
  /** Absent: it was removed. */
  readonly now: GalleryImage | undefined
}

/** One image of a review: its pictures and words, before and after. */
export function ReviewedCard({ reviewed, now }: ReviewedCardProps) {
  const { image, change, cost, words } = reviewed
  const name = <span class="name strong">{image.name}</span>
  return (
    <li class="box stack review">
      <h3 class="row">
        {now ? <a href={formatRoute({ image: keyOf(image) })}>{name}</a> : name}
        <ChangeBadge change={change} />
        <span class="path clip quiet">{image.manifest}</span>
        {cost && <span class="push small numbers">{formatAmount(cost.amount, cost.currency)}</span>}
      </h3>
      <Pair reviewed={reviewed} now={now} />
      {words.length > 0 && change !== 'removed' && <WordChanges words={words} />}
    </li>
  )
}

/** The pictures. A click opens them side by side. */
function Pair({ reviewed, now }: ReviewedCardProps) {
  const { image, change, before, samePicture } = reviewed
  const pictures = samePicture ? (
    <Shown picture={before} caption="Same picture" empty="" />
  ) : (
    <>
      {change !== 'added' && (
        <Shown picture={before} caption="Before" empty="Its picture is not to be found." />
      )}
      {now && (
        <Shown
          picture={now.picture}
          caption="After"
          empty={now.trouble?.reason ?? describeState(now)}
        />
      )}
    </>
  )
  if (!now) return <div class="review-pair">{pictures}</div>
  return (
    <a class="review-pair" href={formatRoute({ image: keyOf(image) })}>
      <span class="visually-hidden">Open: </span>
      {pictures}
    </a>
  )
}

type Badge = readonly [label: string, icon: IconName, tone: string]

const BADGES: Readonly<Record<ReviewedImage['change'], Badge>> = {
  added: ['Added', 'ready', 'good'],
  changed: ['Changed', 'compare', 'busy'],
  kept: ['Kept', 'waiting', 'warn'],
  removed: ['Removed', 'close', 'bad'],
}

/** Icon and word: colour alone tells nothing. */
function ChangeBadge({ change }: Pick<ReviewedImage, 'change'>) {
  const [label, icon, tone] = BADGES[change]
  return (
    <span class="line tone small" data-tone={tone}>
      <Icon name={icon} />
      {label}
    </span>
  )
}

interface ShownProps {
  readonly picture: GalleryPicture | undefined
  readonly caption: string
  /** Said where there is no picture. */
  readonly empty: string
}

function Shown({ picture, caption, empty }: ShownProps) {
  return (
    <figure class="stack">
      <figcaption class="small quiet">{caption}</figcaption>
      <div class="mat">
        {picture ? (
          <img
            loading="lazy"
            decoding="async"
            width={picture.width}
            height={picture.height}
            alt=""
            src={picture.thumbnailUrl ?? picture.url}
          />
        ) : (
          <p class="quiet small words">{empty}</p>
        )}
      </div>
    </figure>
  )
}
