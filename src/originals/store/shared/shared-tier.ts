import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { StoreError } from '../../../errors/store-error.ts'
import { UnusablePictureError } from '../../../errors/unusable-picture-error.ts'
import type { Key } from '../../../plan/image-request.ts'
import { digestOf } from '../../../system/digest.ts'
import { syncHandle } from '../../../system/files/sync-handle.ts'
import { storeFault } from '../../../system/system-error.ts'
import type { DiskObjects } from '../../objects/disk-objects.ts'
import type { ObjectSource, StoredObject } from '../../objects/object-store.ts'
import type { SharedStore } from '../../objects/shared-store.ts'
import type { OriginalEntry, ProvePicture } from '../../original.ts'
import { blobName, entryName, type ParsedEntry, serializeEntry } from '../entry/entry.ts'
import type { Signer } from '../entry/signature.ts'
import { readEntry } from '../entry/stored-entries.ts'

/** The store that machines share, seen from one of them. Trusts nothing that comes from there. */
export interface SharedTier {
  readonly store: SharedStore
  /** Undefined as well when the store need not be there and isn't. */
  entry(key: Key): Promise<ParsedEntry | undefined>
  /**
   * Copies a blob to this machine, verified; resolves with the problem when it can't be had.
   * `unavailable`: the store need not be there and isn't.
   */
  fetchBlob(entry: OriginalEntry): Promise<{ readonly problem: string } | 'fetched' | 'unavailable'>
  /** Blob first, entry last. Undefined when the store need not be there and isn't. */
  put(entry: OriginalEntry, blob: ObjectSource): Promise<'stored' | 'present' | undefined>
}

export interface SharedTierDeps {
  readonly disk: DiskObjects
  /** Absent: signatures are not checked. */
  readonly signer?: Signer
  /** Decodes copies, to compare their dimensions with their entries. Absent: entries are believed. */
  readonly prove?: ProvePicture
}

export function createSharedTier(
  store: SharedStore,
  { disk, signer, prove }: SharedTierDeps,
): SharedTier {
  const { objects, label } = store

  async function read(key: Key): Promise<ParsedEntry | undefined> {
    const read = await readEntry(objects, key)
    const fault = read && 'entry' in read ? signer?.findProblem(read.entry) : undefined
    return fault === undefined ? read : { problem: `${fault} (IMAGEGEN_SIGNING_KEY)` }
  }

  async function fetch(entry: OriginalEntry): Promise<{ problem: string } | 'fetched'> {
    const name = blobName(entry)
    const object = await objects.get(name)
    if (!object) return { problem: `${label}/${name} is missing` }
    const file = await disk.temporaryFile()
    try {
      const problem = await findProblem(object, entry, file)
      if (problem) return { problem: `${label}/${name} ${problem}` }
      await disk.putIfAbsent(name, { file, size: entry.size, digest: entry.digest })
      return 'fetched'
    } finally {
      await disk.discard(file)
    }
  }

  async function findProblem(
    object: StoredObject,
    entry: OriginalEntry,
    file: string,
  ): Promise<string | undefined> {
    if ((await download(object, file, entry.size)) !== entry.digest) {
      return 'does not match its digest'
    }
    return prove && findDifference(entry, file, prove)
  }

  async function put(entry: OriginalEntry, blob: ObjectSource): Promise<'stored' | 'present'> {
    const name = blobName(entry)
    const outcome = await objects.putIfAbsent(name, blob)
    if (outcome === 'present' && !(await holds(name, entry))) {
      throw new StoreError(
        `${label}/${name} does not match its digest, so the original can't be shared. Delete it there and run again.`,
      )
    }
    return objects.putIfAbsent(entryName(entry.key), { bytes: serializeEntry(entry) })
  }

  async function holds(name: string, { digest, size }: OriginalEntry): Promise<boolean> {
    const object = await objects.get(name)
    if (object?.size !== size) return false
    const hash = createHash('sha256')
    for await (const chunk of object.stream()) hash.update(chunk)
    return digestOf(hash) === digest
  }

  return {
    store,
    entry: key => store.attempt(() => read(key)),
    fetchBlob: async entry => (await store.attempt(() => fetch(entry))) ?? 'unavailable',
    put: (entry, blob) => store.attempt(() => put(entry, blob)),
  }
}

async function findDifference(
  entry: OriginalEntry,
  file: string,
  prove: ProvePicture,
): Promise<string | undefined> {
  try {
    const { format, width, height } = await prove(file)
    if (format === entry.format && width === entry.width && height === entry.height) {
      return undefined
    }
    return `is a ${format} of ${width}×${height} but its entry says ${entry.format} of ${entry.width}×${entry.height}`
  } catch (error) {
    if (!(error instanceof UnusablePictureError)) throw error
    return `is not a usable picture: ${error.message.replace(/\.$/, '')}`
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
      await syncHandle(handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw storeFault(`${object.name} can't be copied to ${file}`, error)
  }
  return digestOf(hash)
}
