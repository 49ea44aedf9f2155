import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { GalleryImage } from '../../data/gallery-data.ts'
import type { GalleryReview } from '../../data/gallery-review.ts'
import { Announcements } from '../elements/announcements.tsx'
import { Icon, type IconName } from '../elements/icon.tsx'
import { Modal } from '../elements/modal.tsx'
import { StateBadge } from '../elements/state-badge.tsx'
import { createPictureChoice, type FirstComparison } from '../look/picture-choice.ts'
import { keyOfOther } from '../look/stage-pictures.ts'
import { keyOf } from '../state/gallery-state.ts'
import { labelOf } from '../state/state-words.ts'
import { useData, useStore } from '../state/store-context.ts'
import { DetailFacts } from './detail-facts.tsx'
import { Showing } from './showing.tsx'

interface DetailProps {
  readonly image: GalleryImage
}

/** The panel of one image. */
export function Detail({ image }: DetailProps) {
  const { close, step, words } = useStore()
  const { actions } = useData()
  return (
    <Modal
      class="detail"
      labelledBy="detail-name"
      onClose={close}
      onKeyDown={event => {
        if (actions && event.key === 'e' && isFree(event)) {
          event.preventDefault()
          words.start(image.id)
        } else stepByKey(event, step)
      }}
    >
      <DetailHead image={image} />
      <DetailBody key={keyOf(image.id)} image={image} />
      <Announcements />
    </Modal>
  )
}

function DetailHead({ image }: DetailProps) {
  const { close, step } = useStore()
  return (
    <header class="detail-head line">
      <h2 class="title clip" id="detail-name" dir="auto" tabIndex={-1} autofocus>
        {image.id.name}
      </h2>
      <StateBadge label={labelOf(image.status)} />
      <span class="path clip quiet">{image.id.manifest}</span>
      <div class="chips push">
        <NavButton label="Previous image" icon="previous" onClick={() => step(-1)} />
        <NavButton label="Next image" icon="next" onClick={() => step(1)} />
        <NavButton label="Close" icon="close" onClick={close} />
      </div>
    </header>
  )
}

/** Pictures to the left, words to the right. Another image begins at the top. */
function DetailBody({ image }: DetailProps) {
  const { compared } = useStore()
  const { review } = useData()
  const [choice] = useState(() =>
    createPictureChoice(firstComparison(image, compared.value, review)),
  )
  const body = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    body.current?.closest('dialog')?.scrollTo(0, 0)
  }, [])
  return (
    <div class="detail-body" ref={body}>
      <Showing image={image} choice={choice} />
      <DetailFacts image={image} picture={choice.pictureOf(image)} />
    </div>
  )
}

/** With another image that was selected, or with the picture before. */
function firstComparison(
  { id, picture }: GalleryImage,
  other: GalleryImage | undefined,
  review: GalleryReview | undefined,
): FirstComparison | undefined {
  if (other) return { right: keyOfOther(other) }
  const key = keyOf(id)
  const reviewed = review?.images.find(each => keyOf(each.image) === key)
  if (!reviewed?.before || reviewed.samePicture || !picture) return undefined
  return { left: reviewed.before.digest, right: picture.digest }
}

interface NavButtonProps {
  readonly label: string
  readonly icon: IconName
  onClick(): void
}

function NavButton({ label, icon, onClick }: NavButtonProps) {
  return (
    <button class="button bare" type="button" aria-label={label} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  )
}

/** Whether no control needs the key. */
function isFree({ target, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  const isTaken =
    target instanceof HTMLElement && target.matches('input, select, textarea, pre, summary')
  return !isTaken && !altKey && !ctrlKey && !metaKey && !shiftKey
}

/** Left and right arrow go through the images. */
function stepByKey(event: KeyboardEvent, step: (by: -1 | 1) => void): void {
  if (!isFree(event)) return
  if (event.key === 'ArrowLeft') step(-1)
  if (event.key === 'ArrowRight') step(1)
}
