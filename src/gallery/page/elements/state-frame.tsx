import type { GalleryImage } from '../../data/gallery-data.ts'
import { frameOf } from '../state/gallery-state.ts'
import { labelOf, toneOf } from '../state/state-words.ts'
import { ElapsedClock } from './clocks.tsx'
import { Icon } from './icon.tsx'

interface StateFrameProps {
  readonly image: GalleryImage
  readonly words: string
}

/** Stands in for a picture, in the requested proportions. */
export function StateFrame({ image, words }: StateFrameProps) {
  const { width, height } = frameOf(image)
  const label = labelOf(image.status)
  return (
    <span class="frame small" data-tone={toneOf(label)} style={{ '--ratio': width / height }}>
      <Icon name={label} />
      {label === 'generating' && image.since !== undefined && <ElapsedClock since={image.since} />}
      <span class="frame-words">{words}</span>
    </span>
  )
}
