import path from 'node:path'
import { ReferenceFileError } from '../errors/reference-file-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../manifest/image-id.ts'
import type { ManifestImage, ManifestReference } from '../manifest/manifest.ts'
import { dependenciesOf, type FindImage, orderByReferences } from './graph.ts'
import { failedState, type KeyState } from './image-state.ts'
import type { Plan, PlannedImage } from './plan.ts'
import { MAX_REFERENCE_BYTES, openReferenceFile } from './reference-file.ts'
import type { ReferencePicture } from './reference-picture.ts'
import { type PreparedRequest, prepareRequest } from './request.ts'

/** What the planner is told of a key. */
export interface FoundOriginal {
  readonly status: KeyState
  /** Set when it is `ready`, for images that refer to it. */
  readonly picture?: ReferencePicture
}

export interface PlannerOptions {
  readonly root: string
  readonly defaultModel: string
  readonly findImage: FindImage
  findOriginal(prepared: PreparedRequest, image: ManifestImage): Promise<FoundOriginal>
}

/** Gives the picture of an image that another one refers to; undefined while there is none. */
export type PictureOf = (id: ImageId) => ReferencePicture | undefined

/** Reads each reference file once; made anew for each plan, so that edits are seen. */
export function createPlanner(options: PlannerOptions) {
  const { root, defaultModel, findImage, findOriginal } = options
  const files = new Map<string, Promise<ReferencePicture>>()

  function openOnce(
    image: ManifestImage,
    { path: file, at }: ManifestReference & { kind: 'file' },
  ) {
    const absolute = path.resolve(root, path.dirname(image.id.manifest), file)
    const subject = `${image.id.manifest}:${at.line}:${at.column} (${image.id.name})`
    const opened = files.get(absolute) ?? openReferenceFile(subject, absolute, root)
    files.set(absolute, opened)
    return opened
  }

  /** The request of an image; undefined while a picture that it refers to is missing. */
  async function prepare(
    image: ManifestImage,
    pictureOf: PictureOf,
  ): Promise<PreparedRequest | undefined> {
    const references = await Promise.all(
      image.references.map(reference =>
        reference.kind === 'image' ? pictureOf(reference.image) : openOnce(image, reference),
      ),
    )
    if (!references.every(isPresent)) return undefined
    const total = references.reduce((sum, reference) => sum + reference.size, 0)
    if (total > MAX_REFERENCE_BYTES) {
      throw new ReferenceFileError(
        `${formatImageId(image.id)}: its references have ${total} bytes together; the limit is ${MAX_REFERENCE_BYTES}. Use fewer or smaller pictures.`,
      )
    }
    return prepareRequest(image, references, defaultModel)
  }

  /** @param pictures of what was planned before; gets this image's, if there is one */
  async function planImage(
    image: ManifestImage,
    pictures: Map<ImageKey, ReferencePicture>,
  ): Promise<PlannedImage> {
    const base = {
      id: image.id,
      image,
      endpoint: image.references.length > 0 ? ('edits' as const) : ('generations' as const),
      dependsOn: dependenciesOf(image),
    }
    const prepared = await prepare(image, id => pictures.get(imageKey(id))).catch(toProblem)
    if (prepared instanceof ReferenceFileError) {
      return { ...base, status: failedState(prepared), error: prepared }
    }
    if (!prepared) {
      const by = base.dependsOn.filter(id => !pictures.has(imageKey(id)))
      return { ...base, status: { state: 'blocked', by } }
    }
    const { key, request, earlierKey } = prepared
    const { status, picture } = await findOriginal(prepared, image)
    if (picture) pictures.set(imageKey(image.id), picture)
    return { ...base, status, key, request, ...(earlierKey !== undefined && { earlierKey }) }
  }

  /** What is there and what is missing, each image after its references. Sends nothing. */
  async function plan(selected: readonly ManifestImage[]): Promise<Plan> {
    const pictures = new Map<ImageKey, ReferencePicture>()
    const images: PlannedImage[] = []
    for (const group of groupIndependent(await orderByReferences(selected, findImage))) {
      images.push(...(await Promise.all(group.map(image => planImage(image, pictures)))))
    }
    return { images }
  }

  return { plan, prepare }
}

/** How many originals are looked for at once. */
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

/** A bad reference is the fault of its image alone; the others are planned all the same. */
function toProblem(error: unknown): ReferenceFileError {
  if (error instanceof ReferenceFileError) return error
  throw error
}

export type Planner = ReturnType<typeof createPlanner>

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined
}
