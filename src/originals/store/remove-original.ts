import { copyFile } from 'node:fs/promises'
import { NewerVersionError } from '../../errors/newer-version-error.ts'
import type { Key } from '../../plan/image-request.ts'
import type { Digest } from '../../system/digest.ts'
import { syncFile } from '../../system/files/durable-file.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import { UPDATE } from '../newer-version.ts'
import type { DiskObjects } from '../objects/disk-objects.ts'
import type { CacheLayout } from './cache-layout.ts'
import { blobName, entryName, keyOfEntryName } from './entry/entry.ts'
import { readEntry } from './entry/stored-entries.ts'
import { moveToQuarantine } from './quarantine.ts'
import { digestFile } from './verification/digest-file.ts'

/**
 * Removes an entry, then its blob when no other entry refers to it. A file that can't be
 * read or is damaged may be all that is left of an original: it goes into quarantine.
 */
export async function removeOriginal(
  key: Key,
  disk: DiskObjects,
  layout: CacheLayout,
): Promise<void> {
  const name = entryName(key)
  const read = await readEntry(disk, key)
  if (!read) return
  if ('problem' in read && read.newer) {
    throw new NewerVersionError(`${disk.path(name)} ${read.problem}. ${UPDATE}`)
  }
  if ('problem' in read) {
    const found = await disk.get(name)
    if (found) await moveToQuarantine(found.path, read.problem, layout.quarantine)
    return
  }
  const { entry } = read
  await disk.delete(name)
  if (await isReferred(entry.digest, disk)) return
  const blob = await disk.get(blobName(entry))
  if (!blob) return
  // Another process may commit the same bytes for another key just now. It looks for its blob once
  // more after its entry; if its entry came before the deletion, the second search here finds it.
  const copy = await disk.temporaryFile()
  try {
    await copyFile(blob.path, copy)
  } catch (error) {
    // Another process removed it just now, and searches once more as well.
    if (systemCode(error) === 'ENOENT') return
    throw storeFault(`${blob.path} can't be copied before it is deleted`, error)
  }
  if ((await digestFile(copy)) !== entry.digest) {
    // Damaged, but something of it may still be saved by hand.
    await disk.discard(copy)
    await moveToQuarantine(blob.path, `does not have the digest ${entry.digest}`, layout.quarantine)
    return
  }
  await disk.delete(blobName(entry))
  if (await isReferred(entry.digest, disk)) {
    await syncFile(copy)
    await disk.putIfAbsent(blobName(entry), { file: copy, size: blob.size, digest: entry.digest })
  }
  await disk.discard(copy)
}

async function isReferred(digest: Digest, disk: DiskObjects): Promise<boolean> {
  for await (const { name } of disk.list('entries/')) {
    const key = keyOfEntryName(name)
    const read = key && (await readEntry(disk, key))
    if (!read) continue
    // Which picture an entry of a newer version needs is not known here.
    if ('entry' in read ? read.entry.digest === digest : read.newer) return true
  }
  return false
}
