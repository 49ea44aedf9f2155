import { CorruptOriginalError } from '../../../errors/corrupt-original-error.ts'
import { StoreError } from '../../../errors/store-error.ts'
import { IS_LFS_POINTER, PULL_LFS } from '../../../manifest/source/lfs-pointer.ts'
import type { Key } from '../../../plan/image-request.ts'
import type { StateOf } from '../../../plan/image-state.ts'
import { NEEDS_NEWER, UPDATE } from '../../newer-version.ts'
import type { Original, OriginalEntry, ReadyOriginal, WantedOriginal } from '../../original.ts'
import { adoptEntry } from '../entry/adopt-entry.ts'
import { entryName, type ParsedEntry, serializeEntry } from '../entry/entry.ts'
import type { SharedTier } from '../shared/shared-tier.ts'
import type { UnusableAnswer } from '../unusable/unusable-records.ts'
import { describeBlobFault, findBlob, restoreBlob, verifyBlob } from './blobs.ts'
import type { StoreState } from './store-state.ts'

export type StoredStatus =
  | ReadyOriginal
  | StateOf<'missing' | 'corrupt' | 'newer'>
  | (StateOf<'unusable'> & UnusableAnswer)

/** What the tiers have of a key, the directory first. */
export async function findStatus(state: StoreState, key: Key): Promise<StoredStatus> {
  const local = await findLocally(state, key)
  if (local.state !== 'missing') return local
  const behind = state.shared ? await findBehind(state, state.shared, key) : local
  if (behind.state !== 'missing') return behind
  const answer = await state.unusable.find(key)
  return answer ? { state: 'unusable', ...answer } : behind
}

/** Adopts from the earlier key. The first status decides, so that a picture is adopted once. */
export async function findOriginal(
  state: StoreState,
  wanted: WantedOriginal,
): Promise<StoredStatus> {
  const found = await findStatus(state, wanted.key)
  const isOpen = found.state === 'missing' || found.state === 'unusable'
  if (!isOpen || wanted.earlierKey === undefined) return found
  const earlier = await findStatus(state, wanted.earlierKey)
  if (earlier.state === 'missing') return found
  if (earlier.state !== 'ready') return earlier
  const { entry, path } = earlier.original
  const original = { entry: state.sign(adoptEntry(entry, wanted)), path }
  // Where nothing can be written, the next run finds the picture in the same way.
  await adopt(state, original).catch(toStoreError)
  return { ...earlier, original }
}

async function adopt(
  { disk, shared, prepare }: StoreState,
  { entry, path }: Original,
): Promise<void> {
  await prepare()
  await disk.putIfAbsent(entryName(entry.key), { bytes: serializeEntry(entry) })
  if (shared?.store.access !== 'read-write') return
  const { digest, size } = entry
  await shared.put(entry, { file: path, digest, size })
}

function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  throw error
}

/** The original of this machine, whole, and signed where that is wanted. */
export async function findWhole(state: StoreState, key: Key): Promise<Original | undefined> {
  const found = await findLocally(state, key)
  if (found.state === 'corrupt') throw new CorruptOriginalError(found.problem)
  if (found.state !== 'ready') return undefined
  await verifyBlob(state, found.original)
  const { entry, path } = found.original
  return { entry: state.sign(entry), path }
}

async function findLocally(state: StoreState, key: Key): Promise<StoredStatus> {
  const read = await state.readEntry(key)
  if (!read) return { state: 'missing' }
  if ('problem' in read) return describeEntryFault(state, key, read)
  const { entry } = read
  const blob = await findBlob(state, entry)
  if ('path' in blob)
    return { state: 'ready', original: { entry, path: blob.path }, where: 'local' }
  const problem = describeBlobFault(state, entry, blob.problem)
  if (!(await restoreBlob(state, entry, problem))) return { state: 'corrupt', problem }
  return { state: 'ready', original: await findRestored(state, entry), where: 'shared' }
}

async function findRestored(state: StoreState, entry: OriginalEntry): Promise<Original> {
  const blob = await findBlob(state, entry)
  if ('path' in blob) return { entry, path: blob.path }
  throw new CorruptOriginalError(describeBlobFault(state, entry, blob.problem))
}

/** Copies what only the shared store has to this machine. */
async function findBehind(state: StoreState, shared: SharedTier, key: Key): Promise<StoredStatus> {
  const { disk, prepare } = state
  const name = `${shared.store.label}/${entryName(key)}`
  const read = await shared.entry(key)
  if (!read) return { state: 'missing' }
  if ('problem' in read) {
    const problem = `${name} ${read.problem}. It is neither used nor requested again automatically. Restore it, or delete it to generate the image again.`
    return unreadable(read, problem, name)
  }
  await prepare()
  const fetched = await shared.fetchBlob(read.entry)
  if (fetched === 'unavailable') return { state: 'missing' }
  if (fetched !== 'fetched') {
    const problem = `${fetched.problem}. It is not requested again automatically. Restore it, or delete ${name} to generate the image again.`
    return { state: 'corrupt', problem }
  }
  await disk.putIfAbsent(entryName(key), { bytes: serializeEntry(read.entry) })
  const local = await findLocally(state, key)
  return local.state === 'ready' ? { ...local, where: 'shared' } : local
}

type EntryFault = Extract<ParsedEntry, { readonly problem: string }>

/** What is wrong with an entry of this machine, and what to do. */
export function describeEntryFault(
  { disk, shared }: StoreState,
  key: Key,
  fault: EntryFault,
): StateOf<'corrupt' | 'newer'> {
  const path = disk.path(entryName(key))
  if (fault.problem === IS_LFS_POINTER) {
    return { state: 'corrupt', problem: `${path} ${fault.problem}. ${PULL_LFS}` }
  }
  const head = `${path} ${fault.problem}. It is neither used nor requested again automatically`
  const advice = shared
    ? `restore it from version control, or delete it to copy it from ${shared.store.label} or generate the image again.`
    : 'restore it from version control or a backup, or delete it to generate the image again.'
  return unreadable(fault, `${head}: ${advice}`, path)
}

/** An entry that can't be used: corrupt, or only newer, and then nobody is told to delete it. */
function unreadable(
  { newer }: EntryFault,
  problem: string,
  where: string,
): StateOf<'corrupt' | 'newer'> {
  return newer
    ? { state: 'newer', problem: `${where} ${NEEDS_NEWER}. ${UPDATE}` }
    : { state: 'corrupt', problem }
}
