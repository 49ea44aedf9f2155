import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'

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
