import { stat } from 'node:fs/promises'
import { fingerprintOf } from '../generating/request-fingerprint.ts'
import { createCoalesced } from '../images/coalesced.ts'
import { type DevManifest, shapeOf } from '../images/dev-manifest.ts'
import { type DevState, emit, type ManifestEntry, warnOf } from './dev-state.ts'
import { keepEntryTypes } from './keep-entry-types.ts'
import { showImages } from './show-images.ts'

/** Milliseconds from a change until the file is read. */
const SETTLED = 25

/** Milliseconds from a change until the file is read once more. */
const AGAIN = 200

/** The entry of a file. The first call makes it. */
export function entryOf(state: DevState, file: string): ManifestEntry {
  const known = state.entries.get(file)
  if (known) return known
  const entry: ManifestEntry = {
    file,
    wanted: false,
    shown: false,
    decoded: false,
    manifest: undefined,
    types: undefined,
    fault: undefined,
    absence: undefined,
    timers: [],
    refresh: createCoalesced(() => readEntry(state, entry)),
  }
  state.entries.set(file, entry)
  return entry
}

/**
 * Waits a little: watchers report the first of several writes, when a file may still be empty. And
 * reads once more, because they do not always report the last write.
 */
export function readSoon(state: DevState, entry: ManifestEntry): void {
  entry.timers.forEach(clearTimeout)
  if (state.closed) return
  const read = (): void => {
    entry.refresh().catch(error => warnOf(state, error))
  }
  entry.timers = [setTimeout(read, SETTLED), setTimeout(read, AGAIN)]
}

async function readEntry(state: DevState, entry: ManifestEntry): Promise<void> {
  const before = entry.manifest
  try {
    entry.manifest = await inspect(state, entry)
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    await noteFault(state, entry, error)
    return
  }
  entry.absence = undefined
  mend(state, entry)
  if (before) tellChanges(state, before, entry.manifest)
  if (entry.wanted) state.autoGeneration.soon(isOther(before, entry.manifest))
}

/** Whether two states of a manifest want different requests. Pages and the gallery read it all the time. */
function isOther(before: DevManifest | undefined, after: DevManifest): boolean {
  const wantedBy = ({ images }: DevManifest) => images.map(({ planned }) => fingerprintOf(planned))
  return !before || wantedBy(before).join() !== wantedBy(after).join()
}

async function inspect(state: DevState, entry: ManifestEntry): Promise<DevManifest> {
  const { pipeline } = state
  const { file } = entry
  const inspected = await pipeline.inspect(file)
  const images = await showImages(state, entry, inspected.images)
  await keepEntryTypes(state, entry, inspected)
  return { ...inspected, file, images }
}

async function noteFault(state: DevState, entry: ManifestEntry, error: Error): Promise<void> {
  if (await isGone(entry.file)) {
    noteAbsence(state, entry, error)
    return
  }
  entry.absence = undefined
  const isNews = entry.fault?.message !== error.message
  entry.fault = error
  if (isNews) emit(state, { type: 'fault', file: entry.file, error })
}

/** Renamed or deleted. What was shown stays known, in case the file comes back. */
function noteAbsence(state: DevState, entry: ManifestEntry, error: Error): void {
  const isNews = !entry.absence
  entry.absence = error
  mend(state, entry)
  if (isNews && entry.manifest) emit(state, { type: 'removed', manifest: entry.manifest })
}

function mend(state: DevState, entry: ManifestEntry): void {
  if (!entry.fault) return
  entry.fault = undefined
  emit(state, { type: 'mended', file: entry.file })
}

function tellChanges(state: DevState, before: DevManifest, after: DevManifest): void {
  if (shapeOf(before) !== shapeOf(after)) emit(state, { type: 'reshaped', manifest: after })
  const versions = new Set(before.images.map(image => image.version))
  const images = after.images.filter(image => !versions.has(image.version))
  if (images.length > 0) emit(state, { type: 'shown', manifest: after, images })
  for (const { planned } of after.images) emit(state, { type: 'status', image: planned.id })
}

async function isGone(file: string): Promise<boolean> {
  return stat(file).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
  )
}
