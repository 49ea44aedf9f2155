import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import { element } from '../elements/dom.ts'

/** All pictures of an image: the revisions of its request, then those of earlier prompts. */
export function picturesOf({ picture, alternatives }: GalleryImage): readonly GalleryPicture[] {
  return [...(picture ? [picture] : []), ...alternatives].toSorted(
    (a, b) =>
      Number(b.usable) - Number(a.usable) ||
      a.revision - b.revision ||
      Date.parse(a.createdAt) - Date.parse(b.createdAt),
  )
}

export function captionOf(picture: GalleryPicture, image: GalleryImage): string {
  const notes = [
    picture.digest === image.picture?.digest && 'in use',
    picture.prompt !== undefined && 'earlier prompt',
  ].filter(Boolean)
  return [`Revision ${picture.revision}`, ...notes].join(' · ')
}

export interface StripSubject {
  readonly image: GalleryImage
  /** Digest of the picture that is on the stage. */
  readonly chosen: string | undefined
}

/** A strip of thumbnails to choose from; nothing for fewer than two pictures. */
export function revisionStrip(
  { image, chosen }: StripSubject,
  onChoose: (digest: string) => void,
): readonly Node[] {
  const pictures = picturesOf(image)
  if (pictures.length < 2) return []
  return [
    element(
      'div',
      { class: 'strip', role: 'group', 'aria-label': 'Revisions' },
      ...pictures.map(picture =>
        element(
          'button',
          {
            class: 'strip-item',
            type: 'button',
            'aria-pressed': String(picture.digest === chosen),
            'data-focus': `revision ${picture.digest}`,
            click: () => onChoose(picture.digest),
          },
          element('img', {
            loading: 'lazy',
            decoding: 'async',
            width: picture.width,
            height: picture.height,
            alt: '',
            src: picture.thumbnailUrl ?? picture.url,
          }),
          element('span', {}, captionOf(picture, image)),
        ),
      ),
    ),
  ]
}
