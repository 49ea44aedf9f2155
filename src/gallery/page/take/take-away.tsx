import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import { copyText } from '../elements/copy-text.ts'
import { Icon } from '../elements/icon.tsx'
import { useStore } from '../state/store-context.ts'

interface TakeAwayProps {
  readonly image: GalleryImage
  /** The one on the stage. */
  readonly picture: GalleryPicture | undefined
}

/** What can be copied and downloaded of an image. */
export function TakeAway({ image, picture }: TakeAwayProps) {
  const { announcer, details } = useStore()
  const copies = [
    ['prompt', picture?.prompt ?? image.prompt],
    ['<Picture>', `<Picture src={${image.exportName}} sizes="100vw" />`],
    ['manifest path', image.location.path],
    ['file path', picture && details.value?.pictures[picture.digest]?.path],
  ] as const
  return (
    <div class="row">
      {copies.map(
        ([label, text]) =>
          text !== undefined && (
            <button
              key={label}
              class="button"
              type="button"
              onClick={() => void copyText(text, announcer)}
            >
              <Icon name="copy" />
              {`Copy ${label}`}
            </button>
          ),
      )}
      {picture && (
        <a class="button" href={picture.url} download={fileName(image, picture)}>
          <Icon name="download" />
          Download original
        </a>
      )}
    </div>
  )
}

/** `hero.png` */
function fileName({ id }: GalleryImage, { format }: GalleryPicture): string {
  return `${id.name}.${format === 'jpeg' ? 'jpg' : format}`
}
