import path from 'node:path'
import {
  GALLERY_DATA_VERSION,
  type GalleryData,
  type GalleryFault,
  type GalleryImage,
  type GalleryPicture,
  type GalleryReference,
  type GalleryState,
} from '../dev/gallery/gallery-data.ts'
import type { GalleryFile } from '../dev/gallery/write-static-gallery.ts'
import { ImagegenError } from '../errors/imagegen-error.ts'
import { ManifestError } from '../errors/manifest-error.ts'
import { formatImageId } from '../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../manifest/manifest.ts'
import type { Original } from '../originals/original.ts'
import type { Pipeline, Selection } from '../pipeline/pipeline.ts'
import type { ImageRequest } from '../plan/image-request.ts'
import type { PlannedImage } from '../plan/plan.ts'
import { measureChange } from './explain-change.ts'

export interface CollectedGallery {
  readonly data: GalleryData
  /** What the data's URLs stand for. */
  readonly files: readonly GalleryFile[]
}

/** What cards show, in pixels. */
const THUMBNAIL = { formats: ['webp'], widths: [480] } as const

/** Describes every selected image for a static gallery, with the pictures that are there. */
export async function collectGallery(
  pipeline: Pipeline,
  selection: Selection,
  now: Date,
): Promise<CollectedGallery> {
  const files = new Map<string, string>()
  const faults: GalleryFault[] = []
  const images: GalleryImage[] = []
  const stored = await listOriginals(pipeline)
  const wanted = selection.images && new Set(selection.images.map(formatImageId))
  for (const file of selection.manifests ?? (await pipeline.discover())) {
    try {
      const manifest = await pipeline.manifest(file)
      const plan = await pipeline.plan({ manifests: [file] })
      for (const planned of plan.images) {
        if (planned.id.manifest !== manifest.path) continue
        if (wanted && !wanted.has(formatImageId(planned.id))) continue
        images.push(await describeImage(pipeline, manifest, planned, stored, files))
      }
    } catch (error) {
      faults.push(...describeFaults(error, path.relative(pipeline.options.root, file)))
    }
  }
  const { root, mode } = pipeline.options
  const data: GalleryData = {
    version: GALLERY_DATA_VERSION,
    project: path.basename(root),
    createdAt: now.toISOString(),
    mode,
    images,
    faults,
  }
  return { data, files: [...files].map(([url, source]) => ({ url, path: source })) }
}

async function listOriginals({ originals }: Pipeline): Promise<readonly Original[]> {
  const found: Original[] = []
  for await (const { key } of originals.list()) {
    const look = await originals.look(key)
    if (look.state === 'ready') found.push(look.original)
  }
  return found
}

async function describeImage(
  pipeline: Pipeline,
  manifest: Manifest,
  planned: PlannedImage,
  stored: readonly Original[],
  files: Map<string, string>,
): Promise<GalleryImage> {
  const { id, image, key, request } = planned
  const describe = (original: Original) => describePicture(pipeline, original, request, files)
  const own = stored.find(({ entry }) => entry.key === key)
  const others = stored.filter(({ entry }) => entry.key !== key && isAlternative(entry, request))
  return {
    id,
    exportName: image.exportName,
    importLine: renderImport(manifest, image),
    state: await describeState(pipeline, planned),
    prompt: image.prompt,
    model: image.model ?? pipeline.options.provider.model,
    size: image.size,
    revision: image.revision,
    ...(image.alt !== undefined && { alt: image.alt }),
    references: image.references.map(
      (reference): GalleryReference =>
        reference.kind === 'file'
          ? { label: reference.path }
          : { label: reference.image.name, image: reference.image },
    ),
    ...(own && { picture: await describe(own) }),
    alternatives: await Promise.all(others.map(describe)),
    location: { path: id.manifest, ...image.at },
  }
}

/** Another revision of the same request. */
function isAlternative(
  { request: other }: Original['entry'],
  request: ImageRequest | undefined,
): boolean {
  return (
    request !== undefined && measureChange({ ...other, revision: request.revision }, request) === 0
  )
}

async function describePicture(
  { renditions, originals }: Pipeline,
  original: Original,
  request: ImageRequest | undefined,
  files: Map<string, string>,
): Promise<GalleryPicture> {
  await originals.verify(original)
  const { entry, path: source } = original
  const { digest, format, width, height, size: bytes, attempts, createdAt } = entry
  const url = `files/${digest}.${format}`
  files.set(url, source)
  const small = { path: source, digest, format, width, height, composite: false }
  const [thumbnail] = await renditions.render(small, renditions.plan(small, THUMBNAIL))
  const thumbnailUrl = thumbnail && `files/${thumbnail.digest}.webp`
  if (thumbnail && thumbnailUrl) files.set(thumbnailUrl, thumbnail.path)
  const { revised_prompt: revisedPrompt } = entry.facts
  return {
    digest,
    format,
    width,
    height,
    bytes,
    attempts,
    createdAt,
    url,
    ...(thumbnailUrl && { thumbnailUrl }),
    revision: entry.request.revision,
    usable: request !== undefined,
    ...(typeof revisedPrompt === 'string' && { revisedPrompt }),
    model: entry.request.model,
    size: entry.request.size,
    where: 'local',
    renditions: [],
  }
}

async function describeState(
  { originals }: Pipeline,
  { key, state, reason = 'its original is not what its entry says' }: PlannedImage,
): Promise<GalleryState> {
  if (state === 'ready') return { name: 'ready' }
  if (state === 'corrupt') return { name: 'corrupt', problem: reason }
  const look = state === 'uncertain' && key ? await originals.look(key) : undefined
  if (look?.state === 'uncertain') {
    const { requestId, attempts, since } = look
    return { name: 'uncertain', requestId, attempts, since }
  }
  return key === undefined ? { name: 'missing', reason } : { name: 'missing' }
}

function renderImport({ single, path: file }: Manifest, { exportName }: ManifestImage): string {
  const name = single ? exportName : `{ ${exportName} }`
  return `import ${name} from './${path.posix.basename(file)}'`
}

function describeFaults(error: unknown, file: string): readonly GalleryFault[] {
  if (error instanceof ManifestError) {
    return error.diagnostics.map(({ file: where, line, column, message }) => ({
      location: { path: where, line, column },
      message,
    }))
  }
  if (!(error instanceof ImagegenError)) throw error
  const location = { path: file.replaceAll('\\', '/'), line: 1, column: 1 }
  return [{ location, message: error.message }]
}
