import { CorruptOriginalError } from '../../../errors/corrupt-original-error.ts'
import { NewerVersionError } from '../../../errors/newer-version-error.ts'
import { StoreError } from '../../../errors/store-error.ts'
import { requestKey } from '../../../plan/request-key.ts'
import { storeFault } from '../../../system/system-error.ts'
import type { Original, OriginalEntry } from '../../original.ts'
import { blobName, entryName, limitFacts, serializeEntry } from '../entry/entry.ts'
import { findBlob, putBlob } from './blobs.ts'
import { findStatus } from './find-original.ts'
import type { StoreState } from './store-state.ts'

/** How often an original is put again that is removed while it is committed. */
const ROUNDS = 3

/** What is committed with an entry. */
export interface Committing {
  /** As {@link OriginalStore.commit} takes it. */
  readonly file: string
  /** Leaves the record of an unusable answer where it is, for when the entry goes again. */
  readonly keepsRecord?: boolean
}

/** Blob first, entry last, here and in the shared store. The first writer wins. */
export async function commitOriginal(
  state: StoreState,
  given: OriginalEntry,
  { file, keepsRecord = false }: Committing,
): Promise<{ readonly original: Original; readonly first: boolean }> {
  const entry = state.sign({ ...given, facts: limitFacts(given.facts) })
  await state.prepare()
  await assertWhole(state, entry, file)
  await putBlob(state, entry, file)
  const original = await settle(state, entry, (await share(state, entry, file)) ? file : undefined)
  if (!keepsRecord) await state.unusable.remove(entry.key)
  const { requestId, digest } = original.entry
  return { original, first: requestId === entry.requestId && digest === entry.digest }
}

/** The last check before bytes become an original: a mistake of ours must not be stored for good. */
async function assertWhole(
  { verification }: StoreState,
  { key, request, digest, size }: OriginalEntry,
  file: string,
): Promise<void> {
  try {
    const isWhole = await verification.hasDigest(file, digest, size)
    if (isWhole && requestKey(request) === key) return
  } catch (error) {
    throw storeFault(`${file} can't be read`, error)
  }
  throw new StoreError(
    `${file} does not match the size, digest or key of its entry. It is not stored. Please report this.`,
  )
}

/** False when the shared store has an entry of somebody else. */
async function share(
  { shared, warn }: StoreState,
  entry: OriginalEntry,
  file: string,
): Promise<boolean> {
  if (!shared) return true
  const { label, access } = shared.store
  if (access === 'read-only') {
    warn(
      `${label} is read-only here: ${entryName(entry.key)} and ${blobName(entry)} are not shared. Run \`imagegen push\` where the store is writable, or others will generate the same image.`,
    )
    return true
  }
  const { digest, size } = entry
  return (await shared.put(entry, { file, digest, size })) !== 'present'
}

/**
 * The original that a key ended up with, whoever was first.
 * @param file undefined when the shared store has an entry of somebody else
 */
async function settle(
  state: StoreState,
  entry: OriginalEntry,
  file: string | undefined,
): Promise<Original> {
  for (let round = 1; ; round += 1) {
    if (file !== undefined) await putEntry(state, entry, file)
    const found = await findStatus(state, entry.key)
    if (found.state === 'ready') return found.original
    // A removal that came after that: the bytes are still at hand, so they are put again.
    if (round < ROUNDS && (found.state !== 'corrupt' || !state.shared)) continue
    if (found.state === 'corrupt') throw new CorruptOriginalError(found.problem)
    if (found.state === 'newer') throw new NewerVersionError(found.problem)
    throw new StoreError(
      `${state.disk.path(entryName(entry.key))} disappeared: another program deletes files in ${state.layout.root}. Run again.`,
    )
  }
}

async function putEntry(state: StoreState, entry: OriginalEntry, file: string): Promise<void> {
  await state.disk.putIfAbsent(entryName(entry.key), { bytes: serializeEntry(entry) })
  // Somebody may have removed another key's original of the same bytes in between.
  if ('problem' in (await findBlob(state, entry))) await putBlob(state, entry, file)
}
