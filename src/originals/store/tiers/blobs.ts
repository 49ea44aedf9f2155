import { readFile } from 'node:fs/promises'
import { CorruptOriginalError } from '../../../errors/corrupt-original-error.ts'
import {
  IS_LFS_POINTER,
  isLfsPointer,
  LARGEST_POINTER,
  PULL_LFS,
} from '../../../manifest/source/lfs-pointer.ts'
import { storeFault, systemCode } from '../../../system/system-error.ts'
import type { DiskObject } from '../../objects/disk-objects.ts'
import type { Original, OriginalEntry, Quarantined } from '../../original.ts'
import { blobName, entryName } from '../entry/entry.ts'
import { moveToQuarantine, takeBack } from '../quarantine.ts'
import { digestFile } from '../verification/digest-file.ts'
import type { StoreState } from './store-state.ts'

const MISSING = 'is missing'

/** Where a blob lies, or its problem as far as its size tells. */
export async function findBlob(
  { disk }: StoreState,
  entry: OriginalEntry,
): Promise<{ readonly path: string } | { readonly problem: string }> {
  const blob = await disk.get(blobName(entry))
  if (!blob) return { problem: MISSING }
  if (blob.size === entry.size) return { path: blob.path }
  return {
    problem: (await isPointer(blob))
      ? IS_LFS_POINTER
      : `has ${blob.size} bytes instead of ${entry.size}`,
  }
}

/** Makes sure that the blob of a new entry lies there whole. A damaged file is moved away, never deleted. */
export async function putBlob(
  state: StoreState,
  entry: OriginalEntry,
  file: string,
): Promise<void> {
  const { disk, warn } = state
  const { digest, size } = entry
  const name = blobName(entry)
  while ((await disk.putIfAbsent(name, { file, size, digest })) === 'present') {
    const present = await disk.get(name)
    const fault = present ? await findFault(state, entry, present.path) : MISSING
    if (fault === undefined) return
    // Removed just now, with another key's original of the same bytes.
    if (!present || fault === MISSING) continue
    const problem = 'does not match the digest in its name'
    const aside = await setAside(state, { entry, path: present.path }, problem)
    if (aside) warn(`A damaged original was moved to ${aside.path}.`)
  }
}

/** Puts the shared store's bytes in the place of missing or damaged ones; false when it can't. */
export async function restoreBlob(
  state: StoreState,
  entry: OriginalEntry,
  problem: string,
): Promise<boolean> {
  const { disk, shared, warn } = state
  if (!shared) return false
  const damaged = await disk.get(blobName(entry))
  const aside = damaged && (await setAside(state, { entry, path: damaged.path }, problem))
  const fetched = await shared.fetchBlob(entry)
  if (fetched !== 'fetched') {
    if (fetched !== 'unavailable') warn(`${fetched.problem}.`)
    return false
  }
  const kept = aside ? ` The damaged file is in ${aside.path}.` : ''
  warn(`${disk.path(blobName(entry))} was restored from ${shared.store.label}.${kept}`)
  return true
}

/** @throws CorruptOriginalError after the blob was put into quarantine */
export async function verifyBlob(state: StoreState, original: Original): Promise<void> {
  const { entry, path } = original
  const problem = await findFault(state, entry, path)
  if (!problem) return
  const message = describeBlobFault(state, entry, problem)
  if (await restoreBlob(state, entry, message)) return
  // A pointer is fine where it is: Git fetches the file to its place.
  if (problem === MISSING || problem === IS_LFS_POINTER || state.shared)
    throw new CorruptOriginalError(message)
  const aside = await setAside(state, original, problem).catch((error: Error) => error)
  if (aside === undefined) return
  const where = aside instanceof Error ? aside.message : `The damaged file is in ${aside.path}.`
  throw new CorruptOriginalError(`${message} ${where}`)
}

/** The sentences that say what is wrong with a blob, and what to do. */
export function describeBlobFault(
  { disk, shared }: StoreState,
  entry: OriginalEntry,
  problem: string,
): string {
  const path = disk.path(blobName(entry))
  if (problem === IS_LFS_POINTER) return `The original ${path} ${problem}. ${PULL_LFS}`
  const at = disk.path(entryName(entry.key))
  const source = shared ? shared.store.label : 'a backup'
  return `The original ${path} ${problem}. It is not requested again automatically. Restore the file from version control or ${source}, or delete its entry ${at} to generate the image again.`
}

/** Undefined when somebody put a sound file in its place meanwhile. */
async function setAside(
  { layout }: StoreState,
  { entry, path }: Original,
  problem: string,
): Promise<Quarantined | undefined> {
  const aside = await moveToQuarantine(path, problem, layout.quarantine)
  if ((await digestFile(aside.path)) !== entry.digest) return aside
  await takeBack(aside, path)
  return undefined
}

async function findFault(
  { disk, verification }: StoreState,
  entry: OriginalEntry,
  path: string,
): Promise<string | undefined> {
  try {
    if (await verification.hasDigest(path, entry.digest, entry.size)) return undefined
    const present = await disk.get(blobName(entry))
    if (present && (await isPointer(present))) return IS_LFS_POINTER
    return 'does not match the digest in its entry'
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return MISSING
    throw storeFault(`${path} can't be read`, error)
  }
}

async function isPointer({ path, size }: DiskObject): Promise<boolean> {
  return size < LARGEST_POINTER && isLfsPointer(await readFile(path))
}
