import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryImage, GalleryPicture } from '../../data/gallery-data.ts'
import type {
  GalleryDetails,
  GalleryPictureDetails,
  GalleryPlaceholder,
} from '../../data/gallery-details.ts'
import { formatName, formatSize } from '../state/format.ts'
import { frameOf, keyOf } from '../state/gallery-state.ts'
import { captionOf, picturesOf } from './revisions.ts'

/** Something that the stage can show. */
export interface StagePicture {
  /** A revision's digest, or another name that nothing else of the image has. */
  readonly key: string
  readonly url: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly caption: string
  /** Its own proportions are less exact than the picture's. */
  readonly isStretched?: boolean
}

/** What a stage is for. */
export interface OnStage {
  readonly image: GalleryImage
  /** Undefined while they are loaded. */
  readonly details: GalleryDetails | undefined
  /** Another image, to compare. */
  readonly other: GalleryImage | undefined
}

export interface PictureGroup {
  readonly label: string
  readonly pictures: readonly StagePicture[]
}

/**
 * All that can be looked at of an image: its revisions, the files made of the picture in use, its
 * variants, and what stands in for it. Pure.
 */
export function groupPictures({ image, details, other }: OnStage): readonly PictureGroup[] {
  const files = image.picture && details?.pictures[image.picture.digest]
  const revisions = picturesOf(image).map(each => ofPicture(each, captionOf(each, image)))
  const groups = [
    { label: 'Revisions', pictures: revisions },
    { label: 'Other image', pictures: other ? ofOther(other) : [] },
    { label: 'Files', pictures: files ? ofFiles(files) : [] },
    { label: 'Variants', pictures: ofVariants(image) },
    { label: 'Stand-ins', pictures: ofStandIns(image, details) },
  ]
  return groups.filter(({ pictures }) => pictures.length > 0)
}

function ofPicture({ digest, url, width, height }: GalleryPicture, caption: string): StagePicture {
  return { key: digest, url, width, height, caption }
}

function ofOther(other: GalleryImage): readonly StagePicture[] {
  return picturesOf(other).map(picture => ({
    ...ofPicture(picture, `${other.id.name}: ${captionOf(picture, other)}`),
    key: `${keyOf(other.id)} ${picture.digest}`,
  }))
}

function ofFiles({ renditions }: GalleryPictureDetails): readonly StagePicture[] {
  return renditions.map(({ format, width, height, url, bytes }) => ({
    key: `${format} ${width}`,
    url,
    width,
    height,
    caption: [
      formatName(format),
      formatSize(`${width}x${height}`),
      bytes === undefined ? 'not made yet' : formatBytes(bytes),
    ].join(', '),
  }))
}

/** Small ones: a variant is seen in full where it is used. */
function ofVariants(image: GalleryImage): readonly StagePicture[] {
  const { variants = [], crops = [] } = image
  return variants.flatMap(({ name, media, thumbnailUrl }) => {
    if (thumbnailUrl === undefined) return []
    const size = crops.find(({ variant }) => variant === name)?.sizes.at(-1)
    const [width, height] = size?.split('x').map(Number) ?? []
    const frame = width && height ? { width, height } : frameOf(image)
    return [{ key: `variant ${name}`, url: thumbnailUrl, ...frame, caption: `${name}: ${media}` }]
  })
}

function ofStandIns(
  image: GalleryImage,
  { draftUrl, pictures = {} }: Partial<GalleryDetails> = {},
): readonly StagePicture[] {
  const frame = frameOf(image)
  const draft = { key: 'draft', url: draftUrl, caption: 'Draft' }
  const placeholder = image.picture && pictures[image.picture.digest]?.placeholder
  const standIns = [draft, ...(placeholder ? ofPlaceholder(placeholder) : [])]
  return standIns.flatMap(({ url, ...standIn }) =>
    url === undefined ? [] : [{ ...standIn, ...frame, url }],
  )
}

/** As it is, and the colour that stands where a page shows no more than that. */
function ofPlaceholder(placeholder: GalleryPlaceholder) {
  const { kind, color, url } = placeholder
  const flat = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" preserveAspectRatio="none"><path fill="${color}" d="M0 0h1v1H0z"/></svg>`)}`
  const own = {
    key: 'placeholder',
    url: url ?? flat,
    isStretched: true,
    caption: captionOfPlaceholder(placeholder),
  }
  const plain = { key: 'color', url: flat, caption: `Its colour: ${color}` }
  return kind === 'color' ? [own] : [own, plain]
}

/** `Placeholder: thumbhash, 28 B` */
export function captionOfPlaceholder({ kind, bytes }: GalleryPlaceholder): string {
  return `Placeholder: ${kind}, ${formatBytes(bytes)}`
}

/** What the two sides show: to the left the one in use unless another one was chosen. */
export function pairOf(
  groups: readonly PictureGroup[],
  wanted: { readonly left: string | undefined; readonly right: string | undefined },
  inUse: string | undefined,
): readonly StagePicture[] {
  const all = groups.flatMap(({ pictures }) => pictures)
  const named = (key: string | undefined) => all.find(each => each.key === key)
  const left = named(wanted.left) ?? named(inUse) ?? all[0]
  const wantedRight = named(wanted.right)
  const right = wantedRight !== left ? wantedRight : undefined
  return [left, right ?? all.find(each => each !== left)].filter(each => each !== undefined)
}

/** Key of the picture of another image that this one is compared with. */
export function keyOfOther(other: GalleryImage): string | undefined {
  return other.picture && `${keyOf(other.id)} ${other.picture.digest}`
}
