import path from 'node:path'
import type { InternalPipeline } from '../pipeline/pipeline.ts'
import { createAutoGeneration } from './generating/auto-generation.ts'
import { createBudgetWait } from './generating/budget-wait.ts'
import { createGenerations, type Generations } from './generating/generations.ts'
import type { DevEvent, DevManifest } from './images/dev-manifest.ts'
import {
  type DevState,
  type ManifestEntry,
  presentManifests,
  wantedManifests,
  warn,
  warnOf,
  warnOnce,
} from './manifests/dev-state.ts'
import { followImage } from './manifests/follow-image.ts'
import { entryOf, readSoon } from './manifests/read-entry.ts'

export interface DevImagesOptions {
  /** Milliseconds without a change before anything is generated. @default 400 */
  readonly quiet?: number
  readonly now?: () => Date
  /** Milliseconds between two checks whether the budget has room again. @default 60_000 */
  readonly budgetInterval?: number
}

/** The images of a development server: each manifest, and what pages show of it. */
export interface DevImages {
  readonly pipeline: InternalPipeline
  readonly generations: Generations
  /**
   * A manifest for a page. Waits for no picture: missing ones are generated in the background, if
   * `dev.generate` says so. A manifest with faults is given restore the earlier state them.
   * @throws what is wrong with a manifest that was never without faults
   */
  open(file: string): Promise<DevManifest>
  /** A manifest for somebody else's page; generates nothing. @throws as {@link open} */
  read(file: string): Promise<DevManifest>
  /** A manifest that no page shows; generates nothing, and decodes nothing. @throws as {@link open} */
  inspect(file: string): Promise<DevManifest>
  /** Notes that a page imports a manifest that was read: its missing images are generated as by {@link open}. */
  want(file: string): void
  /** The manifests that were read, without reading anything. */
  manifests(): readonly DevManifest[]
  faults(): ReadonlyMap<string, Error>
  /** Whether a change of this file changes a manifest that was read. Takes an absolute path. */
  watches(file: string): boolean
  /** Something changed on disk. Takes an absolute path. */
  changed(file: string): void
  /** Reads a manifest again, now. */
  refresh(file: string): Promise<void>
  on(listener: (event: DevEvent) => void): () => void
  close(): void
}

export function createDevImages(
  pipeline: InternalPipeline,
  options: DevImagesOptions = {},
): DevImages {
  const state = createState(pipeline, options)
  const { entries, listeners, generations } = state
  return {
    pipeline,
    generations,
    open: file => readManifest(state, file, { wanted: true, shown: true }),
    read: file => readManifest(state, file, { shown: true }),
    inspect: file => readManifest(state, file, {}),
    want(file) {
      const entry = entries.get(path.normalize(file))
      if (!entry || entry.wanted) return
      Object.assign(entry, { wanted: true, shown: true })
      entry.refresh().catch(error => warnOf(state, error))
    },
    manifests: () => presentManifests(state),
    faults: () =>
      new Map(
        [...entries.values()].flatMap(({ file, fault }) => (fault ? [[file, fault] as const] : [])),
      ),
    watches: file => [...entries.values()].some(entry => dependsOn(entry, file)),
    changed(file) {
      for (const entry of entries.values()) if (dependsOn(entry, file)) readSoon(state, entry)
    },
    refresh: file => entryOf(state, path.normalize(file)).refresh(),
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => close(state),
  }
}

function createState(
  pipeline: InternalPipeline,
  { quiet = 400, now = () => new Date(), budgetInterval: interval = 60_000 }: DevImagesOptions,
): DevState {
  const onError = (error: unknown): void => warnOf(state, error)
  const generations = createGenerations({
    pipeline,
    now,
    warn: message => warn(state, message),
    onChange: (image, isReady) => followImage(state, image, isReady),
  })
  const state: DevState = {
    pipeline,
    generations,
    autoGeneration: createAutoGeneration({
      pipeline,
      generations,
      quiet,
      wanted: () => wantedManifests(state),
      onRefusal: message => warnOnce(state, message),
      onError,
    }),
    budgetWait: createBudgetWait({ pipeline, generations, interval, onError }),
    entries: new Map(),
    listeners: new Set(),
    warned: new Set(),
    version: now().getTime(),
    closed: false,
  }
  return state
}

async function readManifest(
  state: DevState,
  file: string,
  purpose: Partial<Pick<ManifestEntry, 'wanted' | 'shown'>>,
): Promise<DevManifest> {
  const entry = Object.assign(entryOf(state, path.normalize(file)), purpose)
  await entry.refresh()
  if (entry.manifest && !entry.absence) return entry.manifest
  throw entry.absence ?? entry.fault ?? new Error(`${file} could not be read.`)
}

function dependsOn({ file, manifest }: ManifestEntry, changed: string): boolean {
  return file === changed || (manifest?.watchFiles.includes(changed) ?? false)
}

function close(state: DevState): void {
  state.closed = true
  state.autoGeneration.stop()
  state.budgetWait.stop()
  for (const { timers } of state.entries.values()) timers.forEach(clearTimeout)
  state.generations.close()
  state.listeners.clear()
}
