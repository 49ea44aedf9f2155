import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { RenditionError } from '../errors/rendition-error.ts'
import type { PlaceholderKind } from '../manifest/manifest.ts'
import { createLazy } from '../system/lazy.ts'
import { createOnce } from './cache/once.ts'
import { createRenditionCache } from './cache/rendition-cache.ts'
import { createSourceRecords } from './cache/source-records.ts'
import { createCropPoints } from './crop-points.ts'
import { readSharpVersion } from './encode/sharp.ts'
import { filesIn, planRenditions } from './plan-renditions.ts'
import { rememberPlans } from './remember-plans.ts'
import type {
  Placeholder,
  PlannedRendition,
  RenditionFile,
  RenditionSource,
  Renditions,
} from './rendition.ts'

/** Increases whenever the same picture would get a different placeholder. */
const PLACEHOLDER_VERSION = 1

/** Threads in libuv's pool, where sharp works, unless the environment says otherwise. */
const POOL_THREADS = 4

export interface RenditionsOptions {
  /** Absolute path of the folder for renditions, which may be deleted at any time. */
  readonly cacheDir: string
  /** Longest side of a picture, in pixels. */
  readonly pixels: number
  /**
   * The most pixels of a picture of the project.
   * @default 100_000_000
   */
  readonly sourcePixels?: number
  /**
   * Decodes, resizes and encodes that run at once. More than the threads of libuv's pool would only
   * delay everything else that needs the pool.
   * @default one more than there are cores, at most 4
   */
  readonly concurrency?: number
  /** Reports problems that cost time later, but no picture. */
  readonly onWarning?: (message: string) => void
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
}

/** Makes files from originals, and keeps them. The returned object owns all state. */
export function createRenditions({
  cacheDir,
  pixels,
  sourcePixels = 100_000_000,
  // One more, so that no core waits for the next decision.
  concurrency = Math.min(availableParallelism() + 1, POOL_THREADS),
  onWarning,
  now = Date.now,
}: RenditionsOptions): Renditions {
  const cache = createRenditionCache({ cacheDir, now })
  const crops = createCropPoints(cache, encoderVersion)
  // Loaded with the first picture to be decoded: a warm build decodes none.
  const openMaker = createLazy(async () => {
    const { createRenditionMaker } = await import('./rendition-maker.ts')
    return createRenditionMaker({ cacheDir, pixels, concurrency, crops })
  })
  const readSource = createSourceRecords({ cacheDir, now }, async file => {
    const { readSourceFile } = await import('./encode/read-source.ts')
    return readSourceFile(file, sourcePixels)
  })
  const makeOnce = createOnce<RenditionFile>()
  const placeOnce = createOnce<Placeholder>()
  let encoder: string | undefined
  let warned = false

  function encoderVersion(): string {
    encoder ??= readSharpVersion()
    return encoder
  }

  async function makeRendition(
    source: RenditionSource,
    rendition: PlannedRendition,
  ): Promise<RenditionFile> {
    return makeOnce(rendition.key, async () => {
      const maker = await openMaker()
      return maker.make(source, rendition, bytes => cache.store(source.digest, rendition, bytes))
    })
  }

  async function findOrMakePlaceholder(
    source: RenditionSource,
    kind: Exclude<PlaceholderKind, 'none'>,
  ): Promise<Placeholder> {
    const key = placeholderKey(kind)
    const known = await cache.findPlaceholder(source.digest, key)
    if (known) return known
    return placeOnce(`${source.digest} ${key}`, async () => {
      const placeholder = await (await openMaker()).place(source, kind)
      cache.storePlaceholder(source.digest, key, placeholder)
      return placeholder
    })
  }

  function placeholderKey(kind: PlaceholderKind): string {
    return `${kind} ${PLACEHOLDER_VERSION} ${encoderVersion()}`
  }

  /** The record only saves work later, so that a read-only folder is no reason to stop. */
  async function flush(source: RenditionSource): Promise<void> {
    await cache.flush(source.digest).catch((error: unknown) => {
      if (warned) return
      warned = true
      onWarning?.(`Renditions will be checked or created again next time: ${error}`)
    })
  }

  async function findOrMake(
    source: RenditionSource,
    renditions: readonly PlannedRendition[],
  ): Promise<readonly RenditionFile[]> {
    const found = await cache.find(source.digest, renditions)
    return Promise.all(
      renditions.map((rendition, index) =>
        rendition.verbatim
          ? verbatimFile(source, rendition)
          : (found[index] ?? makeRendition(source, rendition)),
      ),
    )
  }

  return {
    plan: rememberPlans((source, output) => planRenditions(source, output, encoderVersion())),

    async render(source, plan) {
      const wanted = filesIn(plan)
      const encodes = wanted.some(({ verbatim }) => !verbatim)
      const { placeholder } = plan
      const [files] = await Promise.all([
        findOrMake(source, wanted),
        // At the same time, so that one decode is enough for both.
        encodes && placeholder !== 'none' ? findOrMakePlaceholder(source, placeholder) : undefined,
      ])
      await flush(source)
      return files
    },

    async renderOne(source, rendition) {
      const [file] = await findOrMake(source, [rendition])
      await flush(source)
      if (!file) throw new RenditionError(`No rendition of ${source.path} was created.`)
      return file
    },

    async known(source, wanted) {
      const found = await cache.find(source.digest, wanted)
      return Promise.all(
        wanted.map((rendition, index) =>
          rendition.verbatim ? verbatimFile(source, rendition) : found[index],
        ),
      )
    },

    readSource: async file => ({ path: file, ...(await readSource(file)) }),

    knownAlpha: async source => (source.drawn ? false : cache.findAlpha(source.digest)),

    async alpha(source) {
      const known = source.drawn ? false : await cache.findAlpha(source.digest)
      if (known !== undefined) return known
      const alpha = await (await openMaker()).seeAlpha(source)
      cache.storeAlpha(source.digest, alpha)
      await flush(source)
      return alpha
    },

    async cropPoint(source, rendition) {
      const known = await crops.known(source.digest, rendition)
      if (known) return known
      const point = await (await openMaker()).placeCrop(source, rendition)
      await flush(source)
      return point
    },

    knownCropPoint: async (source, rendition) => crops.known(source.digest, rendition),

    async knownPlaceholder(source, kind) {
      return kind === 'none'
        ? undefined
        : cache.findPlaceholder(source.digest, placeholderKey(kind))
    },

    async placeholder(source, kind) {
      if (kind === 'none') return undefined
      const placeholder = await findOrMakePlaceholder(source, kind)
      await flush(source)
      return placeholder
    },
  }
}

async function verbatimFile(
  source: RenditionSource,
  rendition: PlannedRendition,
): Promise<RenditionFile> {
  const { size } = await stat(source.path)
  return { rendition, path: source.path, size, digest: source.digest }
}
