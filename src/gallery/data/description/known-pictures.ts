import type { InspectedImage } from '../../../pipeline/inspect.ts'
import type { EarlierVersion } from '../../../pipeline/keep/earlier-versions.ts'
import type { ImagePicture } from '../../../pipeline/pictures/image-picture.ts'
import { isUnmarked } from '../../../pipeline/pictures/source-of.ts'
import type { RenditionSource } from '../../../renditions/rendition.ts'
import type { GalleryContext } from '../gallery-context.ts'
import type { StoredPicture } from '../stored-pictures.ts'

/** A picture of an image, and what renditions are made from. */
export interface KnownPicture extends StoredPicture {
  readonly source: RenditionSource
  /** It becomes the image's picture when the manifest names its revision. */
  readonly usable: boolean
}

/** Every picture that is known of an image. */
export interface KnownPictures {
  /** What pages show. Without an original it is a file of the project. */
  readonly shown?: ImagePicture
  /** That of {@link shown}, where it has an original. */
  readonly own?: KnownPicture
  /** Of other revisions and of earlier prompts. */
  readonly others: readonly KnownPicture[]
}

/** Finds the pictures of an image. Reads nothing. */
export function findKnownPictures(
  inspected: InspectedImage,
  context: GalleryContext,
): KnownPictures {
  const { planned, picture: shown = context.shownOf?.(inspected) } = inspected
  const { image, request, status } = planned
  const where = status.state === 'ready' ? status.where : 'local'
  const own = shown?.original && { original: shown.original, where }
  const revisions = request ? context.stored.of(request, planned.key) : []
  const version = context.earlierVersionOf?.(image.id)
  const earlier = earlierPictures(inspected, version, context).filter(
    other => !holds(revisions, other),
  )
  const others = [...revisions, ...earlier].filter(other => !own || !holds([own], other))
  const know = (stored: StoredPicture): KnownPicture => {
    const { key } = stored.original.entry
    const isShown = inspected.picture?.original?.entry.key === key
    return {
      ...stored,
      source: (isShown && inspected.picture?.source) || sourceOfStored(stored),
      usable: isShown || holds(revisions, stored),
    }
  }
  return {
    ...(shown && { shown }),
    ...(own && { own: know(own) }),
    others: image.source ? [] : others.map(know),
  }
}

function sourceOfStored({ original: { entry, path } }: StoredPicture): RenditionSource {
  const { digest, format, width, height, request } = entry
  return {
    path,
    digest,
    format,
    width,
    height,
    composite: request.references.length > 0,
    ...(isUnmarked(entry) && { unmarked: true }),
  }
}

/** Each once. */
function earlierPictures(
  { planned: { id } }: InspectedImage,
  version: EarlierVersion | undefined,
  { earlierOf, stored }: GalleryContext,
): readonly StoredPicture[] {
  const known = earlierOf?.(id) ?? []
  const alike = version ? stored.of(version.earlier.request, version.earlier.key) : []
  const kept = alike.filter(({ original }) => original.entry.key === version?.earlier.key)
  return [...known, ...kept.filter(other => !holds(known, other))]
}

function holds(pictures: readonly StoredPicture[], { original }: StoredPicture): boolean {
  return pictures.some(other => other.original.entry.key === original.entry.key)
}
