import type { GalleryImage } from '../../data/gallery-data.ts'
import { captionOf, picturesOf } from './revisions.ts'

interface RevisionStripProps {
  readonly image: GalleryImage
  /** Digest of the picture that is on the stage. */
  readonly chosen: string | undefined
  onChoose(digest: string): void
}

/** Thumbnails to choose from; nothing for fewer than two pictures. */
export function RevisionStrip({ image, chosen, onChoose }: RevisionStripProps) {
  const pictures = picturesOf(image)
  if (pictures.length < 2) return null
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would have to be styled away
    <div class="line scroll" role="group" aria-label="Revisions">
      {pictures.map(picture => (
        <button
          key={picture.digest}
          class="strip-item stack small"
          type="button"
          aria-pressed={picture.digest === chosen}
          onClick={() => onChoose(picture.digest)}
        >
          <img
            loading="lazy"
            decoding="async"
            width={picture.width}
            height={picture.height}
            alt=""
            src={picture.thumbnailUrl ?? picture.url}
          />
          <span>{captionOf(picture, image)}</span>
        </button>
      ))}
    </div>
  )
}
