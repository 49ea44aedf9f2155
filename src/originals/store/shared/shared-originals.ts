import { CorruptOriginalError } from '../../../errors/corrupt-original-error.ts'
import { NewerVersionError } from '../../../errors/newer-version-error.ts'
import type { Key } from '../../../plan/image-request.ts'
import type { Digest } from '../../../system/digest.ts'
import { UPDATE } from '../../newer-version.ts'
import type { Original, OriginalEntry, StoredOriginal } from '../../original.ts'
import { blobName, entryName, keyOfEntryName } from '../entry/entry.ts'
import type { UnusableRecords } from '../unusable/unusable-records.ts'
import type { SharedTier } from './shared-tier.ts'

/** An original in the shared store. */
export interface SharedOriginal extends StoredOriginal {
  /** When it came to the store, by the store's calendar. */
  readonly modified: Date
}

/**
 * `different`: the store has another picture for the key, which stays. `missing`: this machine has
 * no original of the key.
 */
export type PushOutcome = 'stored' | 'present' | 'different' | 'missing'

export interface PushOptions {
  /** @default false */
  readonly dryRun?: boolean
}

/** The shared store as people maintain it; builds go through {@link Originals.acquire}. */
export interface SharedOriginals {
  /** `s3://bucket/prefix` */
  readonly label: string
  readonly access: 'read-write' | 'read-only'
  /** Every key that has an entry there, without reading it. */
  keys(): AsyncIterable<Key>
  /** Every original there; entries that can't be used are reported and left out. */
  list(): AsyncIterable<SharedOriginal>
  /** The entry of a key there. Copies nothing. @throws StoreError, CorruptOriginalError */
  find(key: Key): Promise<OriginalEntry | undefined>
  /**
   * Copies an original of this machine there, verified; of a key whose answer was no usable picture,
   * the record that says so. With `dryRun` it only says what would come of that.
   * @throws StoreError, CorruptOriginalError
   */
  push(key: Key, options?: PushOptions): Promise<PushOutcome>
  /** Removes entries there, then those of their blobs that no other entry needs. */
  remove(keys: readonly Key[]): Promise<void>
}

export interface SharedOriginalsDeps {
  readonly tier: SharedTier
  readonly unusable: Pick<UnusableRecords, 'push'>
  /** The original on this machine, its bytes verified. */
  local(key: Key): Promise<Original | undefined>
  warn(message: string): void
}

export function createSharedOriginals({
  tier,
  local,
  unusable,
  warn,
}: SharedOriginalsDeps): SharedOriginals {
  const { objects, label, access } = tier.store

  async function* list(): AsyncGenerator<SharedOriginal> {
    for await (const { name, size, modified } of objects.list('entries/')) {
      const key = keyOfEntryName(name)
      const read = key && (await tier.entry(key))
      if (!key || !read) continue
      if ('problem' in read) warn(`${label}/${name} ${read.problem}. It stays there.`)
      else yield { key, entry: read.entry, size: size + read.entry.size, modified }
    }
  }

  async function compare({ key, digest }: OriginalEntry): Promise<'same' | 'different' | 'absent'> {
    const there = await find(key)
    if (!there) return 'absent'
    return there.digest === digest ? 'same' : 'different'
  }

  async function find(key: Key): Promise<OriginalEntry | undefined> {
    const read = await tier.entry(key)
    if (!read) return undefined
    if ('entry' in read) return read.entry
    if (read.newer) {
      throw new NewerVersionError(`${label}/${entryName(key)} ${read.problem}. ${UPDATE}`)
    }
    throw new CorruptOriginalError(
      `${label}/${entryName(key)} ${read.problem}. Delete it there, and push again.`,
    )
  }

  return {
    label,
    access,
    list,
    find,

    async *keys() {
      for await (const { name } of objects.list('entries/')) {
        const key = keyOfEntryName(name)
        if (key) yield key
      }
    },

    async push(key, { dryRun = false } = {}) {
      const original = await local(key)
      if (!original) return unusable.push(key, dryRun)
      const { entry, path } = original
      const before = await compare(entry)
      if (before === 'different') return before
      if (before === 'same' && (await objects.get(blobName(entry)))?.size === entry.size) {
        return 'present'
      }
      if (dryRun) return 'stored'
      const blob = { file: path, size: entry.size, digest: entry.digest }
      if ((await tier.put(entry, blob)) === 'stored') return 'stored'
      return (await compare(entry)) === 'same' ? 'present' : 'different'
    },

    async remove(keys) {
      const removed: OriginalEntry[] = []
      for (const key of keys) {
        const read = await tier.entry(key)
        if (!read || 'problem' in read) continue
        await objects.delete(entryName(key))
        removed.push(read.entry)
      }
      const needed = new Set<Digest>()
      for await (const { name } of objects.list('entries/')) {
        const key = keyOfEntryName(name)
        const read = key && (await tier.entry(key))
        if (!read) continue
        if ('entry' in read) needed.add(read.entry.digest)
        // Which picture it needs is not known here: all of them stay.
        else if (read.newer) return
      }
      for (const entry of removed) {
        if (!needed.has(entry.digest)) await objects.delete(blobName(entry))
      }
    },
  }
}
