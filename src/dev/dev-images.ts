import { stat } from 'node:fs/promises'
import path from 'node:path'
import { type InspectedImage, originalsOf } from '../pipeline/inspect.ts'
import type { InternalPipeline } from '../pipeline/pipeline.ts'
import { keepTypes } from '../pipeline/types/types-file.ts'
import { createAutoGeneration } from './generating/auto-generation.ts'
import { createBudgetWait } from './generating/budget-wait.ts'
import { createGenerations, type Generations } from './generating/generations.ts'
import { createCoalesced } from './images/coalesced.ts'
import {
  appearance,
  type DevEvent,
  type DevImage,
  type DevManifest,
  sameId,
  shapeOf,
} from './images/dev-manifest.ts'
import { currentState } from './images/generation.ts'
import { describeLive, type LiveImage } from './images/live-image.ts'
import { planShown } from './images/shown-image.ts'

export interface DevImagesOptions {
  /** Milliseconds without a change before anything is bought. @default 400 */
  readonly quiet?: number
  readonly now?: () => Date
  /** Milliseconds after which what the budget held back is looked at again. @default 60_000 */
  readonly budgetInterval?: number
}

/** The state of a development server: what is known of each manifest, and what pages show of it. */
export interface DevImages {
  readonly pipeline: InternalPipeline
  readonly generations: Generations
  /**
   * A manifest for a page. Waits for no picture: what is missing is bought in the background, if
   * `dev.generate` says so. A manifest that has faults is given as it was before them.
   * @throws what is wrong with a manifest that was never without faults
   */
  open(file: string): Promise<DevManifest>
  /** A manifest that nobody need have imported; buys nothing. @throws as {@link open} */
  look(file: string): Promise<DevManifest>
  /** Notes that a page imports a manifest that is known; its missing images are bought as by {@link open}. */
  want(file: string): void
  /** What is known already, without reading anything. */
  known(): readonly DevManifest[]
  faults(): ReadonlyMap<string, Error>
  /** Whether a change of this file changes a manifest that was opened. Takes an absolute path. */
  watches(file: string): boolean
  /** Something changed on disk. Takes an absolute path. */
  changed(file: string): void
  /** Reads a manifest again, now. */
  refresh(file: string): Promise<void>
  on(listener: (event: DevEvent) => void): () => void
  close(): void
}

/** Milliseconds after a change before a file is read. */
const SETTLED = 25

/** Milliseconds after a change after which a file is read again. */
const AGAIN = 200

interface Entry {
  readonly file: string
  /** A page imports it. */
  wanted: boolean
  manifest: DevManifest | undefined
  fault: Error | undefined
  /** Set while there is no such file: nobody is told of a fault, since what imported it may be gone too. */
  absence: Error | undefined
  timers: readonly ReturnType<typeof setTimeout>[]
  readonly refresh: () => Promise<void>
}

export function createDevImages(
  pipeline: InternalPipeline,
  { quiet = 400, now = () => new Date(), budgetInterval = 60_000 }: DevImagesOptions = {},
): DevImages {
  const entries = new Map<string, Entry>()
  const listeners = new Set<(event: DevEvent) => void>()
  let version = now().getTime()
  let closed = false

  const generations = createGenerations({
    pipeline,
    now,
    warn,
    onChange(image, ready) {
      emit({ type: 'status', image })
      budgetWait.begin()
      refreshThose(({ images }) =>
        images.some(
          ({ planned }) =>
            sameId(planned.id, image) || (ready && planned.dependsOn.some(id => sameId(id, image))),
        ),
      )
    },
  })

  const budgetWait = createBudgetWait({
    pipeline,
    generations,
    interval: budgetInterval,
    onError: warnOf,
  })

  const autoGeneration = createAutoGeneration({
    pipeline,
    generations,
    quiet,
    wanted: () =>
      [...entries.values()].flatMap(({ wanted, fault, absence, manifest }) =>
        wanted && !fault && !absence && manifest ? [manifest] : [],
      ),
    onRefusal: warnOnce,
    onError: warnOf,
  })

  function emit(event: DevEvent): void {
    for (const listener of listeners) listener(event)
  }

  function warn(message: string): void {
    emit({ type: 'warning', message })
  }

  function warnOf(error: unknown): void {
    warn(error instanceof Error ? error.message : String(error))
  }

  function entryOf(file: string): Entry {
    const known = entries.get(file)
    if (known) return known
    const entry: Entry = {
      file,
      wanted: false,
      manifest: undefined,
      fault: undefined,
      absence: undefined,
      timers: [],
      refresh: createCoalesced(() => read(entry)),
    }
    entries.set(file, entry)
    return entry
  }

  async function read(entry: Entry): Promise<void> {
    const before = entry.manifest
    try {
      const inspected = await pipeline.inspect(entry.file)
      const images = await Promise.all(
        inspected.images.map(image => showImage(entry, image, before?.images)),
      )
      entry.manifest = { ...inspected, file: entry.file, images }
      await keepTypes(inspected.manifest, originalsOf(inspected), pipeline.options, warnOnce)
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      if (await isGone(entry.file)) return forget(entry, error)
      entry.absence = undefined
      const isNews = entry.fault?.message !== error.message
      entry.fault = error
      if (isNews) emit({ type: 'fault', file: entry.file, error })
      return
    }
    entry.absence = undefined
    mend(entry)
    if (before) tellChanges(before, entry.manifest)
    if (entry.wanted) autoGeneration.soon()
  }

  function mend(entry: Entry): void {
    if (!entry.fault) return
    entry.fault = undefined
    emit({ type: 'mended', file: entry.file })
  }

  /** Renamed or deleted. What was shown stays known, in case that the file comes back. */
  function forget(entry: Entry, error: Error): void {
    const isNews = !entry.absence
    entry.absence = error
    mend(entry)
    if (isNews && entry.manifest) emit({ type: 'removed', manifest: entry.manifest })
  }

  /**
   * Not at once: watchers tell of the first of several writes, when a file may still be empty. And
   * once more: the end of a save is not always told.
   */
  function readSoon(entry: Entry): void {
    entry.timers.forEach(clearTimeout)
    if (closed) return
    const read = (): void => {
      entry.refresh().catch(warnOf)
    }
    entry.timers = [setTimeout(read, SETTLED), setTimeout(read, AGAIN)]
  }

  async function showImage(
    entry: Entry,
    image: InspectedImage,
    before: readonly DevImage[] | undefined,
  ): Promise<DevImage> {
    const previous = before?.find(other => sameId(other.planned.id, image.planned.id))
    const { planned } = image
    const current = currentState(planned.status, generations.find(planned)?.status)
    const isDue = entry.wanted && autoGeneration.covers(image)
    const live = await describeLive(
      planShown(image, previous?.live.shown, { current, isDue }),
      pipeline,
    )
    const same = previous !== undefined && appearance(previous.live) === appearance(live)
    if (!same) makePlaceholder(entry, live)
    return { ...image, live, version: same ? previous.version : ++version }
  }

  /** In the background: it needs the whole picture decoded. */
  function makePlaceholder(entry: Entry, { shown, plan }: LiveImage): void {
    if (shown.kind !== 'picture' || plan.placeholder === 'none') return
    const { renditions } = pipeline
    const make = async (): Promise<void> => {
      if (await renditions.knownPlaceholder(shown.source, plan.placeholder)) return
      await renditions.placeholder(shown.source, plan.placeholder)
      await entry.refresh()
    }
    make().catch(warnOf)
  }

  function tellChanges(before: DevManifest, after: DevManifest): void {
    if (shapeOf(before) !== shapeOf(after)) emit({ type: 'reshaped', manifest: after })
    const versions = new Set(before.images.map(image => image.version))
    const images = after.images.filter(image => !versions.has(image.version))
    if (images.length > 0) emit({ type: 'shown', manifest: after, images })
    for (const { planned } of after.images) emit({ type: 'status', image: planned.id })
  }

  const warned = new Set<string>()
  function warnOnce(message: string): void {
    if (warned.has(message)) return
    warned.add(message)
    warn(message)
  }

  function refreshThose(isConcerned: (manifest: DevManifest) => boolean): void {
    for (const { manifest, refresh } of entries.values()) {
      if (manifest && isConcerned(manifest)) refresh().catch(warnOf)
    }
  }

  async function look(file: string, wanted: boolean): Promise<DevManifest> {
    const entry = entryOf(path.normalize(file))
    if (wanted) entry.wanted = true
    await entry.refresh()
    if (entry.manifest && !entry.absence) return entry.manifest
    throw entry.absence ?? entry.fault ?? new Error(`${file} could not be read.`)
  }

  return {
    pipeline,
    generations,
    open: file => look(file, true),
    look: file => look(file, false),
    want(file) {
      const entry = entries.get(path.normalize(file))
      if (!entry || entry.wanted) return
      entry.wanted = true
      entry.refresh().catch(warnOf)
    },
    known: () =>
      [...entries.values()].flatMap(({ manifest, absence }) =>
        manifest && !absence ? [manifest] : [],
      ),
    faults: () =>
      new Map(
        [...entries.values()].flatMap(({ file, fault }) => (fault ? [[file, fault] as const] : [])),
      ),
    watches: file =>
      [...entries.values()].some(entry => entry.file === file || watchesFile(entry, file)),
    changed(file) {
      for (const entry of entries.values()) {
        if (entry.file === file || watchesFile(entry, file)) readSoon(entry)
      }
    },
    refresh: file => entryOf(path.normalize(file)).refresh(),
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      closed = true
      autoGeneration.stop()
      budgetWait.stop()
      for (const { timers } of entries.values()) timers.forEach(clearTimeout)
      generations.close()
      listeners.clear()
    },
  }
}

function watchesFile({ manifest }: Entry, file: string): boolean {
  return manifest?.watchFiles.includes(file) ?? false
}

async function isGone(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
  )
}
