import path from 'node:path'
import type { DevImages } from '../../dev/dev-images.ts'
import type { DevEvent, DevManifest } from '../../dev/images/dev-manifest.ts'
import type { ServedFile } from '../../dev/images/served-file.ts'
import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { EarlierVersion } from '../../pipeline/keep/earlier-versions.ts'
import { projectPath } from '../../system/project-path.ts'
import { describeFaults } from '../data/description/describe-faults.ts'
import { locate } from '../data/description/describe-gallery-image.ts'
import { findKeepable } from '../data/find-keepable.ts'
import { type GalleryCosts, NO_COSTS, readGalleryCosts } from '../data/gallery-costs.ts'
import {
  GALLERY_DATA_VERSION,
  type GalleryBudget,
  type GalleryData,
  type GalleryFault,
  type GalleryUpdate,
} from '../data/gallery-data.ts'
import type { GalleryDetails } from '../data/gallery-details.ts'
import {
  type KnownSubjects,
  listStoredPictures,
  type StoredPictures,
} from '../data/stored-pictures.ts'
import type { ManifestChanges } from './changes/manifest-changes.ts'
import { openImage } from './checks/open-image.ts'
import {
  describeLiveDetails,
  describeLiveImages,
  type LiveContext,
  rememberPicture,
} from './describe-live-images.ts'
import { createToldImages, type ToldImages } from './told-images.ts'

export interface GalleryLiveOptions {
  readonly images: DevImages
  /** What the page sends back with every action. */
  readonly token: string
  readonly changes: ManifestChanges
  urlOf(file: ServedFile): string
  editorUrl(file: string, line: number, column: number): string
  /** Told what changed, once somebody has opened the gallery. */
  onUpdate(update: GalleryUpdate): void
  onError(error: Error): void
  /** Milliseconds in which changes are gathered. @default 100 */
  readonly pause?: number
}

/** The gallery of a development server: all of it when it is opened, then each change. */
export interface GalleryLive {
  data(): Promise<GalleryData>
  /** What the data does not say of an image. @throws ActionRefusedError when there is none */
  details(image: ImageId): Promise<GalleryDetails>
  /** Absent when it cannot be read. */
  budget(): Promise<Pick<GalleryData, 'budget'>>
  /** Something changed on disk that may be a new manifest. */
  discover(): void
  close(): void
}

interface LiveState extends LiveContext, Required<GalleryLiveOptions> {
  /** What the next update tells. */
  readonly changed: Set<ImageKey>
  readonly told: ToldImages
  /** Absent: to be listed again. */
  pictures: Promise<StoredPictures> | undefined
  /** Absent: to be added up again. */
  sums: Promise<GalleryCosts> | undefined
  /** Absent: to be found again. */
  versions: Promise<ReadonlyMap<ImageKey, EarlierVersion>> | undefined
  timer: ReturnType<typeof setTimeout> | undefined
  isOpen: boolean
}

export function createGalleryLive(options: GalleryLiveOptions): GalleryLive {
  const { pipeline } = options.images
  const subjects: KnownSubjects = new WeakMap()
  const state: LiveState = {
    pause: 100,
    ...options,
    changed: new Set(),
    told: createToldImages(),
    earlier: new Map(),
    pictures: undefined,
    sums: undefined,
    versions: undefined,
    timer: undefined,
    isOpen: false,
    stored() {
      state.pictures ??= listStoredPictures(pipeline, subjects)
      return state.pictures
    },
    costs() {
      state.sums ??= readGalleryCosts(pipeline, new Date()).catch(thrown => {
        report(state, thrown)
        return NO_COSTS
      })
      return state.sums
    },
    keepable() {
      state.versions ??= findKeepable(pipeline)
      return state.versions
    },
  }
  const unsubscribe = state.images.on(event => follow(state, event))
  return {
    data() {
      state.isOpen = true
      forget(state)
      return describeAll(state)
    },
    details: async id => describeLiveDetails(await openImage(id, state.images), state),
    budget: () => describeBudget(state),
    discover() {
      if (state.isOpen) discover(state).catch(thrown => report(state, thrown))
    },
    close() {
      unsubscribe()
      clearTimeout(state.timer)
      state.isOpen = false
    },
  }
}

function follow(state: LiveState, event: DevEvent): void {
  const { changed, told, earlier, images } = state
  if (event.type === 'shown') for (const image of event.images) rememberPicture(earlier, image)
  if (event.type === 'status') {
    const { manifest, name } = event.image
    changed.add(imageKey({ manifest, name }))
    if (images.generations.underWay(event.image).length === 0) forget(state)
  }
  if (event.type === 'removed') told.drop(event.manifest.images.map(({ planned }) => planned.id))
  if (state.isOpen && event.type !== 'warning') updateSoon(state)
}

/** The cache has changed. */
function forget(state: LiveState): void {
  state.pictures = undefined
  state.sums = undefined
  state.versions = undefined
}

function updateSoon(state: LiveState): void {
  state.timer ??= setTimeout(() => {
    state.timer = undefined
    update(state).catch(thrown => report(state, thrown))
  }, state.pause)
  state.timer.unref()
}

/** Not once it is closed: then the pipeline is too, and nobody waits for an update under way. */
function report({ isOpen, onError }: LiveState, thrown: unknown): void {
  if (isOpen) onError(thrown instanceof Error ? thrown : new Error(String(thrown)))
}

async function update(state: LiveState): Promise<void> {
  const { changed, told, images, onUpdate } = state
  const keys = new Set(changed)
  changed.clear()
  const gone = told.takeGone(images)
  const described = await describeLiveImages(
    images.manifests(),
    ({ planned }) => keys.has(imageKey(planned.id)),
    state,
  )
  const [spending, changes] = await Promise.all([describeSpending(state), state.changes.list()])
  told.tell(described)
  onUpdate({
    images: described,
    removed: gone,
    ...spending,
    ...changes,
    faults: listFaults(state),
  })
}

async function describeAll(state: LiveState): Promise<GalleryData> {
  const { images, token } = state
  const { options } = images.pipeline
  const manifests = await readAll(images)
  const refusal = images.pipeline.refusal()
  const described = await describeLiveImages(manifests, () => true, state)
  state.told.tell(described)
  return {
    version: GALLERY_DATA_VERSION,
    project: path.basename(options.root),
    createdAt: new Date().toISOString(),
    mode: options.mode,
    ...(await describeSpending(state)),
    ...(await state.changes.list()),
    actions: { token, ...(refusal !== undefined && { refusal }) },
    images: described,
    faults: listFaults(state),
  }
}

async function discover(state: LiveState): Promise<void> {
  const manifests = await readAll(state.images)
  for (const { planned } of manifests.flatMap(({ images }) => images)) {
    state.changed.add(imageKey(planned.id))
  }
  updateSoon(state)
}

/** Leaves out manifests with faults, which are listed as such. */
async function readAll(images: DevImages): Promise<readonly DevManifest[]> {
  const files = await images.pipeline.discover()
  const read = await Promise.all(files.map(file => images.inspect(file).catch(() => undefined)))
  return read.flatMap(manifest => manifest ?? [])
}

async function describeSpending(
  state: LiveState,
): Promise<Pick<GalleryData, 'budget' | 'cost' | 'today'>> {
  const { total, today } = await state.costs()
  return {
    ...(await describeBudget(state)),
    ...(total && { cost: total }),
    ...(today && { today }),
  }
}

/** Nothing when it cannot be read: pictures can be shown without it. */
async function describeBudget({
  images,
  onError,
}: LiveState): Promise<{ readonly budget?: GalleryBudget }> {
  try {
    const { used, limit, spend } = await images.pipeline.budget()
    if (!spend) return { budget: { spent: used, limit } }
    const { used: spent, ...bound } = spend
    return { budget: { spent: used, limit, spend: { spent, ...bound } } }
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)))
    return {}
  }
}

function listFaults({ images, editorUrl }: LiveState): readonly GalleryFault[] {
  const { pipeline } = images
  const at = (file: string, line: number, column: number) =>
    locate(file, line, column, { editorUrl, pipeline })
  return [...images.faults()].flatMap(([file, error]) =>
    describeFaults(error, at(projectPath(pipeline.options.root, file), 1, 1), at),
  )
}
