import type { ManifestImage } from '../../manifest/manifest.ts'
import { assembleAsset } from '../../module/assemble-asset.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import { standInPlaceholder } from '../../module/stand-in-placeholder.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Placeholder, PlannedRendition, RenditionPlan } from '../../renditions/rendition.ts'
import { sha256 } from '../../system/digest.ts'
import { fileOf, type ServedFile } from './served-file.ts'
import type { ShownImage } from './shown-image.ts'

/** What an image's asset says now, except for its URLs. */
export interface LiveImage {
  readonly shown: ShownImage
  readonly plan: RenditionPlan
  readonly placeholder: Placeholder | undefined
  /** It will be replaced: the draft or earlier picture by the current one, or the placeholder by the real one. */
  readonly provisional: boolean
  /** By rendition key and format. */
  readonly files: ReadonlyMap<PlannedRendition, ServedFile>
}

export type LivePipeline = Pick<Pipeline, 'originals' | 'renditions'>

/** Decides an image's files. Reads at most the placeholder's record; decodes and encodes nothing. */
export async function describeLive(shown: ShownImage, pipeline: LivePipeline): Promise<LiveImage> {
  const { renditions } = pipeline
  const source = shown.kind === 'picture' ? shown.source : draftSource(shown)
  const plan = renditions.plan(source, shown.image.output)
  const known =
    shown.kind === 'picture'
      ? await renditions.knownPlaceholder(source, plan.placeholder)
      : undefined
  const files = plan.formats
    .flat()
    .map(rendition => [rendition, fileOf(shown, rendition, pipeline)] as const)
  return {
    shown,
    plan,
    placeholder: known ?? standInPlaceholder(plan.placeholder),
    provisional: !isCurrent(shown) || (plan.placeholder !== 'none' && !known),
    files: new Map(files),
  }
}

/** The object that code gets. */
export function assetOf(
  { shown, plan, files, placeholder }: LiveImage,
  urlOf: (file: ServedFile, image: ManifestImage, isSrc: boolean) => string,
): ImageAsset {
  const { image } = shown
  const url = (rendition: PlannedRendition, isSrc: boolean): string => {
    const file = files.get(rendition)
    if (!file) throw new RangeError('A file of the plan is not there.')
    return urlOf(file, image, isSrc)
  }
  const asset = assembleAsset({ plan, placeholder, alt: image.alt }, url)
  return shown.kind === 'draft' ? { ...asset, type: 'image/svg+xml' } : asset
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
