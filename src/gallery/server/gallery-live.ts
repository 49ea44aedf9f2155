import path from 'node:path'
import type { DevImages } from '../../dev/dev-images.ts'
import { type DevImage, type DevManifest, sameId } from '../../dev/images/dev-manifest.ts'
import type { Generation } from '../../dev/images/generation.ts'
import type { ServedFile } from '../../dev/images/served-file.ts'
import { ManifestError } from '../../errors/manifest-error.ts'
import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { projectPath } from '../../system/project-path.ts'
import { describeGalleryImage, type GalleryContext, locate } from '../data/build-gallery-data.ts'
import {
  GALLERY_DATA_VERSION,
  type GalleryActions,
  type GalleryBudget,
  type GalleryData,
  type GalleryFault,
  type GalleryImage,
  type GalleryUpdate,
} from '../data/gallery-data.ts'
import {
  listStoredPictures,
  type StoredPicture,
  type StoredPictures,
} from '../data/stored-pictures.ts'

export interface GalleryLiveOptions {
  readonly images: DevImages
  /** What the page sends back with every action. */
  readonly token: string
  urlOf(file: ServedFile): string
  editorUrl(file: string, line: number, column: number): string
  /** Told what changed, once the gallery was looked at. */
  onUpdate(update: GalleryUpdate): void
  onError(error: Error): void
  /** Milliseconds in which changes are gathered. @default 100 */
  readonly pause?: number
}

/** The gallery of a development server: the whole of it when it is opened, then what changes. */
export interface GalleryLive {
  data(): Promise<GalleryData>
  /** Something changed on disk that may be a new manifest. */
  discover(): void
  close(): void
}

export function createGalleryLive(options: GalleryLiveOptions): GalleryLive {
  const { images, token, urlOf, editorUrl, onUpdate, onError, pause = 100 } = options
  const { pipeline, generations } = images
  const { root, mode } = pipeline.options
  const changed = new Set<ImageKey>()
  const removed = new Map<ImageKey, ImageId>()
  const earlier = new Map<ImageKey, Map<string, StoredPicture>>()
  let stored: Promise<StoredPictures> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOpen = false

  const unsubscribe = images.on(event => {
    if (event.type === 'shown') event.images.forEach(remember)
    if (event.type === 'status') {
      const { manifest, name } = event.image
      changed.add(imageKey({ manifest, name }))
      if (generations.underWay(event.image).length === 0) stored = undefined
    }
    if (event.type === 'removed') {
      for (const { planned } of event.manifest.images) {
        removed.set(imageKey(planned.id), planned.id)
      }
    }
    if (isOpen && event.type !== 'warning') tellSoon()
  })

  /** Pictures of earlier requests can be told from strangers' only as long as the server runs. */
  function remember({ planned, live: { shown } }: DevImage): void {
    if (shown.kind !== 'picture') return
    const { original } = shown
    const key = imageKey(planned.id)
    const known = earlier.get(key) ?? new Map<string, StoredPicture>()
    earlier.set(key, known.set(original.entry.key, { original, where: 'local' }))
  }

  function tellSoon(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      tell().catch(onError)
    }, pause)
    timer.unref()
  }

  async function tell(): Promise<void> {
    const keys = new Set(changed)
    changed.clear()
    const gone = [...removed.values()].filter(id => !findImage(id))
    removed.clear()
    const described = await describe(images.manifests(), ({ planned }) =>
      keys.has(imageKey(planned.id)),
    )
    onUpdate({ images: described, removed: gone, ...(await budget()), faults: faults() })
  }

  async function describe(
    manifests: readonly DevManifest[],
    isWanted: (image: DevImage) => boolean = () => true,
  ): Promise<readonly GalleryImage[]> {
    const wanted = manifests.flatMap(({ manifest, images: own }) =>
      own.filter(isWanted).map(image => ({ manifest, image })),
    )
    if (wanted.length === 0) return []
    stored ??= listStoredPictures(pipeline)
    const context: GalleryContext = {
      pipeline,
      stored: await stored,
      urlOf,
      editorUrl,
      pictureOf: id => findImage(id)?.picture,
      generationOf,
      shownOf,
      earlierOf: id => [...(earlier.get(imageKey(id))?.values() ?? [])],
    }
    return Promise.all(
      wanted.map(({ manifest, image }) => describeGalleryImage(manifest, image, context)),
    )
  }

  function findImage(id: ImageId): DevImage | undefined {
    return images
      .manifests()
      .flatMap(manifest => manifest.images)
      .find(({ planned }) => sameId(planned.id, id))
  }

  function shownOf({ planned }: InspectedImage): InspectedImage['picture'] | undefined {
    const shown = findImage(planned.id)?.live.shown
    return shown?.kind === 'picture' ? shown : undefined
  }

  /** Its own request's, else that of another revision that was asked for. */
  function generationOf({ planned }: InspectedImage): Generation | undefined {
    return generations.find(planned) ?? generations.alternativesOf(planned.id)[0]
  }

  /** Nothing when it cannot be read, which keeps nobody from looking at pictures. */
  async function budget(): Promise<{ readonly budget?: GalleryBudget }> {
    try {
      const { used, limit } = await pipeline.budget()
      return { budget: { spent: used, limit } }
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
      return {}
    }
  }

  function actions(): GalleryActions {
    const refusal = pipeline.refusal()
    return { token, ...(refusal !== undefined && { refusal }) }
  }

  function faults(): readonly GalleryFault[] {
    return [...images.faults()].flatMap(([file, error]): readonly GalleryFault[] => {
      if (!(error instanceof ManifestError)) {
        const name = projectPath(root, file)
        return [{ location: locate(name, 1, 1, { editorUrl, pipeline }), message: error.message }]
      }
      return error.diagnostics.map(({ file: name, line, column, message, hint }) => ({
        location: locate(name, line, column, { editorUrl, pipeline }),
        message: hint === undefined ? message : `${message} ${hint}`,
      }))
    })
  }

  async function readAll(): Promise<readonly DevManifest[]> {
    const files = await pipeline.discover()
    // A manifest that has faults is among the faults.
    const read = await Promise.all(files.map(file => images.read(file).catch(() => undefined)))
    return read.flatMap(manifest => manifest ?? [])
  }

  return {
    async data() {
      isOpen = true
      stored = undefined
      const manifests = await readAll()
      return {
        version: GALLERY_DATA_VERSION,
        project: path.basename(root),
        createdAt: new Date().toISOString(),
        mode,
        ...(await budget()),
        actions: actions(),
        images: await describe(manifests),
        faults: faults(),
      }
    },
    discover() {
      if (!isOpen) return
      readAll()
        .then(manifests => {
          for (const { planned } of manifests.flatMap(manifest => manifest.images)) {
            changed.add(imageKey(planned.id))
          }
          tellSoon()
        })
        .catch(onError)
    },
    close() {
      unsubscribe()
      clearTimeout(timer)
      isOpen = false
    },
  }
}
