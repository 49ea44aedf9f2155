import type { Key } from '../../../plan/image-request.ts'
import { systemCode } from '../../../system/system-error.ts'
import type { ObjectStore, StoredObject } from '../../objects/object-store.ts'
import { entryName, LARGEST_ENTRY, type ParsedEntry, parseEntry } from './entry.ts'

/** Reads one entry of a store; undefined when there certainly is none. */
export async function readEntry(objects: ObjectStore, key: Key): Promise<ParsedEntry | undefined> {
  const object = await objects.get(entryName(key))
  return object && readEntryObject(object, key)
}

/** The same of an object that was found. */
export async function readEntryObject(
  object: StoredObject,
  key: Key,
): Promise<ParsedEntry | undefined> {
  const bytes = await readBytes(object, LARGEST_ENTRY)
  if (bytes === 'too large') return { problem: 'is larger than an entry may be' }
  return bytes && parseEntry(bytes, key)
}

/**
 * The bytes of a small object; undefined when there certainly is none.
 * @param limit bytes; of a larger object no more than that is read
 */
export async function readObject(
  objects: ObjectStore,
  name: string,
  limit: number,
): Promise<Uint8Array | 'too large' | undefined> {
  const object = await objects.get(name)
  return object && readBytes(object, limit)
}

async function readBytes(
  object: StoredObject,
  limit: number,
): Promise<Uint8Array | 'too large' | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of object.stream()) {
      size += piece.length
      if (size > limit) return 'too large'
      pieces.push(piece)
    }
  } catch (error) {
    // Removed between finding and reading it.
    if (error instanceof Error && systemCode(error.cause) === 'ENOENT') return undefined
    throw error
  }
  return Buffer.concat(pieces)
}
