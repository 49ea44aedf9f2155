import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { Key } from '../plan/image-request.ts'
import type { CacheLayout } from './cache-layout.ts'
import type { DiskObjects } from './disk-objects.ts'
import { blobName, entryName, type ParsedEntry, serializeEntry } from './entry.ts'
import type { ObjectSource, ObjectStore, StoredObject } from './object-store.ts'
import type { OriginalEntry } from './original.ts'
import { moveToQuarantine } from './quarantine.ts'
import { readEntry } from './stored-entries.ts'
import { storeFault } from './system-error.ts'

/** The store that machines share, seen from one of them. */
export interface SharedTier {
  readonly label: string
  entry(key: Key): Promise<ParsedEntry | undefined>
  /** Copies a blob to this machine, verified; resolves with what is wrong when it can't be had. */
  fetchBlob(entry: OriginalEntry): Promise<{ readonly problem: string } | undefined>
  /** Blob first, entry last. */
  put(entry: OriginalEntry, blob: ObjectSource): Promise<'stored' | 'present'>
}

export function createSharedTier(
  shared: ObjectStore,
  disk: DiskObjects,
  layout: CacheLayout,
): SharedTier {
  return {
    label: shared.label,

    entry: key => readEntry(shared, key),

    async fetchBlob(entry) {
      const name = blobName(entry)
      const object = await shared.get(name)
      if (!object) return { problem: `${shared.label}/${name} is missing` }
      const file = await disk.temporaryFile()
      const digest = await download(object, file, entry.size)
      if (digest !== entry.digest) {
        const problem = `${shared.label}/${name} does not hold the bytes that its name promises`
        const { path } = await moveToQuarantine(file, problem, layout.quarantine)
        return { problem: `${problem} (they are in ${path})` }
      }
      await disk.putIfAbsent(name, { file, size: entry.size, digest })
      await disk.discard(file)
      return undefined
    },

    async put(entry, blob) {
      await shared.putIfAbsent(blobName(entry), blob)
      return shared.putIfAbsent(entryName(entry.key), { bytes: serializeEntry(entry) })
    },
  }
}

/** Writes and syncs an object's bytes, of which there may be as many as promised and one more. */
async function download(object: StoredObject, file: string, limit: number): Promise<string> {
  const hash = createHash('sha256')
  try {
    const handle = await open(file, 'wx')
    try {
      let size = 0
      for await (const chunk of object.stream()) {
        hash.update(chunk)
        await handle.writeFile(chunk)
        size += chunk.length
        if (size > limit) break
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw storeFault(`${object.name} can't be copied to ${file}`, error)
  }
  return hash.digest('hex')
}
