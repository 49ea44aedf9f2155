import type { Key } from '../plan/image-request.ts'
import { entryName, LARGEST_ENTRY, type ParsedEntry, parseEntry } from './entry.ts'
import type { ObjectStore } from './object-store.ts'
import { systemCode } from './system-error.ts'

/** Reads one entry of a store; undefined when there certainly is none. */
export async function readEntry(objects: ObjectStore, key: Key): Promise<ParsedEntry | undefined> {
  const object = await objects.get(entryName(key))
  if (!object) return undefined
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of object.stream()) {
      size += piece.length
      if (size > LARGEST_ENTRY) return { problem: 'is larger than an entry can be' }
      pieces.push(piece)
    }
  } catch (error) {
    // Removed between finding and reading it.
    if (error instanceof Error && systemCode(error.cause) === 'ENOENT') return undefined
    throw error
  }
  return parseEntry(Buffer.concat(pieces), key)
}
