import path from 'node:path'
import { ReferenceFileError } from '../errors/reference-file-error.ts'
import { SourceFileError } from '../errors/source-file-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../manifest/image-id.ts'
import type { ManifestImage, PlacedFile } from '../manifest/manifest.ts'
import { MAX_REFERENCE_BYTES, openReferenceFile } from './files/open-reference-file.ts'
import { failedState, type KeyState } from './image-state.ts'
import {
  dependenciesOf,
  type ExplainUnknown,
  type FindImage,
  orderByReferences,
} from './order-by-references.ts'
import type { Plan, PlannedImage } from './plan.ts'
import { type PreparedRequest, prepareRequest, type RequestProvider } from './prepare-request.ts'
import type { ReferencePicture } from './reference-picture.ts'
import type { FoundSource } from './source-picture.ts'

/** What the planner is told of a key. */
export interface FoundOriginal {
  readonly status: KeyState
  /** Set when it is `ready`, for images that refer to it. */
  readonly picture?: ReferencePicture
}

export interface PlannerOptions {
  readonly root: string
  providerOf(image: ManifestImage): RequestProvider
  readonly findImage: FindImage
  readonly explainUnknown: ExplainUnknown
  /** Of an image that has a source. @throws SourceFileError */
  findSource(image: ManifestImage): Promise<FoundSource>
  findOriginal(prepared: PreparedRequest, image: ManifestImage): Promise<FoundOriginal>
}

/** Gives the picture of an image that another one refers to; undefined as long as there is none. */
export type PictureOf = (id: ImageId) => ReferencePicture | undefined

export interface Planner {
  /** What is there and what is missing, each image after its references. Sends nothing. */
  plan(selected: readonly ManifestImage[]): Promise<Plan>
  /** The request of an image; undefined while a picture that it refers to is missing. */
  prepare(image: ManifestImage, pictureOf: PictureOf): Promise<PreparedRequest | undefined>
}

interface PlannerState extends PlannerOptions {
  /** Reference files that were read, by absolute path. */
  readonly files: Map<string, Promise<ReferencePicture>>
  /** What is sent of source images that were planned. */
  readonly sources: Map<ImageKey, ReferencePicture>
}

/** Reads each reference file once. Make a new one for each plan, so that edits are seen. */
export function createPlanner(options: PlannerOptions): Planner {
  const state: PlannerState = { ...options, files: new Map(), sources: new Map() }
  return {
    plan: selected => planAll(selected, state),
    prepare: (image, pictureOf) => prepareImage(image, pictureOf, state),
  }
}

async function planAll(selected: readonly ManifestImage[], state: PlannerState): Promise<Plan> {
  const pictures = new Map<ImageKey, ReferencePicture>()
  const images: PlannedImage[] = []
  const ordered = await orderByReferences(selected, state.findImage, state.explainUnknown)
  async function planOne(image: ManifestImage): Promise<PlannedImage> {
    const error = ordered.faults.get(imageKey(image.id))
    if (error) return { ...baseOf(image), status: failedState(error), error }
    return planImage(image, pictures, state)
  }
  for (const group of groupIndependent(ordered.images)) {
    images.push(...(await Promise.all(group.map(planOne))))
  }
  return { images }
}

function baseOf(
  image: ManifestImage,
): Pick<PlannedImage, 'id' | 'image' | 'endpoint' | 'dependsOn'> {
  const endpoint = image.references.length > 0 ? 'edits' : 'generations'
  return { id: image.id, image, endpoint, dependsOn: dependenciesOf(image) }
}

/** @param pictures of the images that were planned before; gets this one's, if there is one */
async function planImage(
  image: ManifestImage,
  pictures: Map<ImageKey, ReferencePicture>,
  state: PlannerState,
): Promise<PlannedImage> {
  const base = baseOf(image)
  if (image.source) return { ...base, ...(await planSource(image, state)) }
  const pictureOf: PictureOf = id => pictures.get(imageKey(id))
  const prepared = await prepareImage(image, pictureOf, state).catch(toReferenceError)
  if (prepared instanceof ReferenceFileError) {
    return { ...base, status: failedState(prepared), error: prepared }
  }
  if (!prepared) {
    const by = base.dependsOn.filter(
      id => !pictures.has(imageKey(id)) && !state.sources.has(imageKey(id)),
    )
    return { ...base, status: { state: 'blocked', by } }
  }
  const { key, request, earlierKey } = prepared
  const { status, picture } = await state.findOriginal(prepared, image)
  if (picture) pictures.set(imageKey(image.id), picture)
  return { ...base, status, key, request, ...(earlierKey !== undefined && { earlierKey }) }
}

/** It is there or it is not: nothing brings it. */
async function planSource(
  image: ManifestImage,
  state: PlannerState,
): Promise<Pick<PlannedImage, 'status' | 'source' | 'error' | 'promptKey'>> {
  const prompted =
    image.prompt === '' ? undefined : await prepareImage(image, () => undefined, state)
  const kept = prompted && { promptKey: prompted.key }
  const found = await state.findSource(image).catch(toSourceError)
  if (found instanceof SourceFileError) {
    return { ...kept, status: failedState(found), error: found }
  }
  state.sources.set(imageKey(image.id), found.reference)
  return { ...kept, status: { state: 'ready', where: 'local' }, source: found.source }
}

async function prepareImage(
  image: ManifestImage,
  pictureOf: PictureOf,
  state: PlannerState,
): Promise<PreparedRequest | undefined> {
  const references = await Promise.all(
    image.references.map(reference =>
      reference.kind === 'image'
        ? (state.sources.get(imageKey(reference.image)) ?? pictureOf(reference.image))
        : openReference(image, reference, state),
    ),
  )
  if (!references.every(isPresent)) return undefined
  const total = references.reduce((sum, reference) => sum + reference.size, 0)
  if (total > MAX_REFERENCE_BYTES) {
    throw new ReferenceFileError(
      `${formatImageId(image.id)}: its references have ${total} bytes in total, but the limit is ${MAX_REFERENCE_BYTES}. Use fewer or smaller pictures.`,
    )
  }
  const masked = image.references[0]?.mask
  const mask = masked && (await openReference(image, masked, state))
  return prepareRequest(image, { references, ...(mask && { mask }) }, state.providerOf(image))
}

function openReference(
  image: ManifestImage,
  { path: file, at, within }: PlacedFile,
  { root, files }: PlannerState,
): Promise<ReferencePicture> {
  const absolute = path.resolve(root, path.dirname(image.id.manifest), file)
  const subject = `${image.id.manifest}:${at.line}:${at.column} (${image.id.name})`
  const opened = files.get(absolute) ?? openReferenceFile(subject, absolute, { root, within })
  files.set(absolute, opened)
  return opened
}

/** Originals that are searched for at once. */
const SEARCHES = 32

/** Cuts an ordered list into groups in which no image refers to another one. */
function groupIndependent(images: readonly ManifestImage[]): readonly (readonly ManifestImage[])[] {
  const groups: ManifestImage[][] = []
  const group = new Set<ImageKey>()
  for (const image of images) {
    const depends = dependenciesOf(image).some(id => group.has(imageKey(id)))
    if (depends || group.size === 0 || group.size >= SEARCHES) {
      groups.push([])
      group.clear()
    }
    group.add(imageKey(image.id))
    groups.at(-1)?.push(image)
  }
  return groups
}

/** A bad reference concerns its image alone; the others are planned all the same. */
function toReferenceError(error: unknown): ReferenceFileError {
  if (error instanceof ReferenceFileError) return error
  throw error
}

function toSourceError(error: unknown): SourceFileError {
  if (error instanceof SourceFileError) return error
  throw error
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined
}
