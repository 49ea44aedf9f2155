import * as v from 'valibot'
import type { Key } from '../../plan/image-request.ts'
import { systemCode } from '../../system/system-error.ts'
import type { ObjectStore } from '../objects/object-store.ts'

/** Bytes. */
const LARGEST_RECORD = 64 * 1024

const recordSchema = v.strictObject({
  version: v.literal(1),
  /** Tells holders apart: one per acquired lease. */
  token: v.pipe(v.string(), v.minLength(1)),
  /** For people. */
  holder: v.string(),
  /** Of the request that this lease is for; a process that takes over carries it on. */
  requestId: v.exactOptional(v.string()),
  released: v.exactOptional(v.literal(true)),
  /** For people: no machine's calendar decides anything here. */
  at: v.string(),
})

export type LeaseRecord = v.InferOutput<typeof recordSchema>

export interface LeaseGeneration {
  readonly number: number
  /** Undefined for a file that is no record of this version. */
  readonly record: LeaseRecord | undefined
}

/**
 * The numbered records of leases: `<prefix>/<key>/<number>.json`. The highest number counts, and
 * is never deleted: a process that creates a number that was cleaned up sees a higher one.
 *
 * The one exception is a key that has its original: where that is wanted, the holder who gives the
 * lease back deletes its last two records, the lower one first, and the next holder begins at 1
 * again. This is safe because
 * - a holder deletes only what it wrote, after it wrote a record that nobody overtook;
 * - a process that was suspended meanwhile, and goes on from an older record, looks whether that
 *   record is there before and after it creates the number that follows
 *   ({@link LeaseGenerations.isThere}). Lower numbers go first: when a number can be created anew,
 *   the one before it is gone. Then the process deletes what it created, and has lost;
 * - a process that begins at 1 asks whether the original has arrived before it sends anything.
 */
export interface LeaseGenerations {
  numbers(key: Key): Promise<readonly number[]>
  /** @param known given back, not read again, while it is the highest */
  highest(key: Key, known?: LeaseGeneration): Promise<LeaseGeneration | undefined>
  read(key: Key, number: number): Promise<LeaseGeneration | undefined>
  create(key: Key, number: number, record: LeaseRecord): Promise<'stored' | 'present'>
  /** Whether a record is there, from the same holder. Always true where records are not cleared. */
  isThere(key: Key, generation: LeaseGeneration): Promise<boolean>
  /** Deletes the lower numbers first. */
  delete(key: Key, numbers: readonly number[]): Promise<void>
  /** Deletes records that nobody needs any longer. Does nothing where records are not cleared. */
  clear(key: Key, numbers: readonly number[]): Promise<void>
}

export interface LeaseGenerationsOptions {
  readonly objects: ObjectStore
  readonly prefix: string
  /**
   * Removes the folder of a key when it is empty. Absent: records are not cleared. In a shared store
   * they stay, since machines with 0.1.0 do not check what a record follows.
   */
  readonly removeFolder?: ((folder: string) => Promise<void>) | undefined
}

export function createLeaseGenerations({
  objects,
  prefix,
  removeFolder,
}: LeaseGenerationsOptions): LeaseGenerations {
  const folder = (key: Key) => `${prefix}/${key}/`
  const name = (key: Key, number: number) => `${folder(key)}${String(number).padStart(8, '0')}.json`

  async function numbers(key: Key): Promise<readonly number[]> {
    const found: number[] = []
    for await (const object of objects.list(folder(key))) {
      const number = Number(/\/(\d+)\.json$/.exec(object.name)?.[1])
      if (number > 0 && object.name === name(key, number)) found.push(number)
    }
    return found
  }

  async function read(key: Key, number: number): Promise<LeaseGeneration | undefined> {
    const object = await objects.get(name(key, number))
    if (!object) return undefined
    const pieces: Uint8Array[] = []
    try {
      if (object.size <= LARGEST_RECORD) {
        for await (const piece of object.stream()) pieces.push(piece)
      }
    } catch (error) {
      // Cleaned up between finding and reading it.
      if (error instanceof Error && systemCode(error.cause) === 'ENOENT') return undefined
      throw error
    }
    return { number, record: parseRecord(Buffer.concat(pieces).toString()) }
  }

  async function remove(key: Key, numbers: readonly number[]): Promise<void> {
    const ascending = [...numbers].sort((a, b) => a - b)
    for (const number of ascending) await objects.delete(name(key, number))
  }

  return {
    numbers,
    read,

    async highest(key, known) {
      for (;;) {
        const found = await numbers(key)
        if (found.length === 0) return undefined
        const number = Math.max(...found)
        if (number === known?.number) return known
        const generation = await read(key, number)
        // Cleaned up in between: then there is a higher one.
        if (generation) return generation
      }
    },

    create(key, number, record) {
      const bytes = Buffer.from(`${JSON.stringify(record, null, 2)}\n`)
      return objects.putIfAbsent(name(key, number), { bytes })
    },

    async isThere(key, { number, record }) {
      if (!removeFolder) return true
      const there = await read(key, number)
      return there !== undefined && there.record?.token === record?.token
    },

    delete: remove,

    async clear(key, numbers) {
      if (!removeFolder) return
      await remove(key, numbers)
      await removeFolder(folder(key))
    },
  }
}

function parseRecord(text: string): LeaseRecord | undefined {
  try {
    const parsed = v.safeParse(recordSchema, JSON.parse(text))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}
