import { isDeepStrictEqual } from 'node:util'
import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import { assembleAsset } from '../../module/assemble-asset.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import { standInPlaceholder } from '../../module/stand-in-placeholder.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { filesIn, isTransparent } from '../../renditions/plan-renditions.ts'
import type { Placeholder, PlannedRendition, RenditionPlan } from '../../renditions/rendition.ts'
import { sha256 } from '../../system/digest.ts'
import { fileOf, type ServedFile } from './served-file.ts'
import { type ShownImage, showVariant } from './shown-image.ts'

/** A picture in its formats and widths, as it is shown now. */
export interface LivePicture {
  readonly shown: ShownImage
  readonly plan: RenditionPlan
  readonly placeholder: Placeholder | undefined
  /** Pages can see through it; undefined while nobody has looked. */
  readonly alpha: boolean | undefined
  /** It will be replaced: the draft or earlier picture by the current one, or the placeholder by the real one. */
  readonly provisional: boolean
  /** By rendition key and format. */
  readonly files: ReadonlyMap<PlannedRendition, ServedFile>
}

export interface LiveVariant extends LivePicture {
  readonly name: string
  readonly media: string
}

/** What an image's asset says now, except for its URLs. */
export interface LiveImage extends LivePicture {
  readonly variants: readonly LiveVariant[]
}

export type LivePipeline = Pick<Pipeline, 'originals' | 'renditions'>

/** Everything that is shown of an image: its own picture first, then those of its variants. */
export function livePictures(live: LiveImage): readonly LivePicture[] {
  return [live, ...live.variants]
}

export interface LiveImageContext {
  /** What is shown of another image of the manifest. */
  shownOf?(id: ImageId): ShownImage | undefined
  /** What was decided last, which stays when nothing changed: names of files are digests. */
  readonly previous?: LiveImage | undefined
}

/** Decides an image's files. Reads at most the placeholder's record; decodes and encodes nothing. */
export async function describeLive(
  shown: ShownImage,
  pipeline: LivePipeline,
  { shownOf = () => undefined, previous }: LiveImageContext = {},
): Promise<LiveImage> {
  const { id, variants = [] } = shown.image
  const owner = imageKey(id)
  if (previous && variants.length === 0 && (await isStillSo(previous, shown, pipeline))) {
    return previous
  }
  const described = variants.map(async ({ name, media, picture, output }) => {
    const own = showVariant(shownOf(picture) ?? shown, output)
    return { name, media, ...(await describePicture(own, `${owner}\n${name}`, pipeline)) }
  })
  return {
    ...(await describePicture(shown, owner, pipeline)),
    variants: await Promise.all(described),
  }
}

/** Whether the same picture is shown of the same words, and no more is known of it. */
async function isStillSo(
  previous: LiveImage,
  shown: ShownImage,
  { renditions }: LivePipeline,
): Promise<boolean> {
  const before = previous.shown
  if (before.kind === 'draft' || shown.kind === 'draft') return false
  if (before.image !== shown.image || before.current !== shown.current) return false
  const [{ source }, { plan }] = [shown, previous]
  if (
    before.source.path !== source.path ||
    before.original?.entry.key !== shown.original?.entry.key
  )
    return false
  // One plan object for equal sources.
  if (renditions.plan(source, shown.image.output) !== plan) return false
  const known = await renditions.knownPlaceholder(source, plan.placeholder)
  const alpha = await renditions.knownAlpha(source)
  const isAlike = alpha === undefined ? undefined : isTransparent(plan, alpha)
  return (
    isAlike === previous.alpha &&
    isDeepStrictEqual(known ?? standInPlaceholder(plan.placeholder), previous.placeholder)
  )
}

/** @param owner the place that it is shown in */
async function describePicture(
  shown: ShownImage,
  owner: string,
  pipeline: LivePipeline,
): Promise<LivePicture> {
  const { renditions } = pipeline
  const source = shown.kind === 'picture' ? shown.source : draftSource(shown)
  const plan = renditions.plan(source, shown.image.output)
  const known =
    shown.kind === 'picture'
      ? await renditions.knownPlaceholder(source, plan.placeholder)
      : undefined
  const alpha = shown.kind === 'picture' ? await renditions.knownAlpha(source) : undefined
  const files = filesIn(plan).map(
    rendition => [rendition, fileOf(shown, rendition, owner, pipeline)] as const,
  )
  return {
    shown,
    plan,
    placeholder: known ?? standInPlaceholder(plan.placeholder),
    alpha: alpha === undefined ? undefined : isTransparent(plan, alpha),
    provisional: !isCurrent(shown) || (plan.placeholder !== 'none' && !known),
    files: new Map(files),
  }
}

/** The object that code gets. */
export function assetOf(
  live: LiveImage,
  urlOf: (file: ServedFile, fixedName: string | undefined) => string,
): ImageAsset {
  const { alt, output } = live.shown.image
  const files = new Map(livePictures(live).flatMap(picture => [...picture.files]))
  const parts = { ...partsOf(live), alt, variants: live.variants.map(partsOf) }
  return assembleAsset(parts, (rendition, { isSrc, variant }) => {
    const file = files.get(rendition)
    if (!file) throw new RangeError('A file of the plan is not there.')
    const own = isSrc && variant === undefined ? output.file : undefined
    return urlOf(file, rendition.named?.file ?? own)
  })
}

function partsOf<Picture extends LivePicture>(picture: Picture) {
  const type = picture.shown.kind === 'draft' ? ('image/svg+xml' as const) : undefined
  return { ...picture, type }
}

/** Stands for a picture that is missing. */
const NO_DIGEST = sha256('')

function draftSource({ draft: { width, height } }: ShownImage & { kind: 'draft' }) {
  return {
    path: '',
    digest: NO_DIGEST,
    format: 'png' as const,
    width,
    height,
    composite: false,
    drawn: true,
  }
}

function isCurrent(shown: ShownImage): boolean {
  return shown.kind === 'picture' && shown.current
}
