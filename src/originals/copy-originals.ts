import { CorruptOriginalError } from '../errors/corrupt-original-error.ts'
import type { Key } from '../plan/image-request.ts'
import { createDiskObjects } from './objects/disk-objects.ts'
import { createSharedStore } from './objects/shared-store.ts'
import type { ProvePicture } from './original.ts'
import { readEntry } from './store/entry/stored-entries.ts'
import { createOriginalStore } from './store/original-store.ts'
import { keyOfUnusableName, unusableName } from './store/unusable/unusable-record.ts'
import { copyUnusableRecord } from './store/unusable/unusable-records.ts'

export interface CacheCopy {
  /** Cache directory whose originals are copied; it is only read. */
  readonly from: string
  readonly to: string
  readonly prove: ProvePicture
  onWarning(message: string): void
}

export interface CopiedOriginal {
  /** `different`: there is another picture of the same request, which stays. */
  readonly outcome: 'copied' | 'present' | 'different'
  /** Bytes of the picture, or of the record that there is none. */
  readonly bytes: number
}

/** What is to be copied of one key. */
export interface CacheCopying {
  readonly key: Key
  /** `unusable`: the record that the answer held no usable picture. */
  readonly kind: 'original' | 'unusable'
  copy(): Promise<CopiedOriginal>
  /** What {@link copy} would come to, by the entries alone. Writes nothing. */
  compare(): Promise<CopiedOriginal>
}

/** What one cache directory knows of its keys, each ready to be copied to another, verified. */
export async function* copyOriginals({
  from,
  to,
  prove,
  onWarning,
}: CacheCopy): AsyncGenerator<CacheCopying> {
  const source = createDiskObjects(from)
  const target = createDiskObjects(to)
  const shared = createSharedStore({ objects: source, access: 'read-only', onWarning })
  const store = createOriginalStore({ dir: to, shared, prove, onWarning })

  async function copyOriginal(key: Key): Promise<CopiedOriginal> {
    const found = await store.status(key)
    if (found.state !== 'ready') {
      throw new CorruptOriginalError(
        'problem' in found
          ? found.problem
          : `${key} disappeared from ${from} during the copy. Run again.`,
      )
    }
    const { digest, size } = found.original.entry
    if (found.where === 'shared') return { outcome: 'copied', bytes: size }
    const there = await readEntry(source, key)
    const isSame = there && 'entry' in there && there.entry.digest === digest
    return { outcome: isSame ? 'present' : 'different', bytes: size }
  }

  async function compareOriginal(key: Key): Promise<CopiedOriginal> {
    const given = await readEntry(source, key)
    if (!given || 'problem' in given) {
      throw new CorruptOriginalError(`${from}: the entry ${key} ${given?.problem ?? 'is missing'}.`)
    }
    const { digest, size: bytes } = given.entry
    const there = await readEntry(target, key)
    if (!there) return { outcome: 'copied', bytes }
    const isSame = 'entry' in there && there.entry.digest === digest
    return { outcome: isSame ? 'present' : 'different', bytes }
  }

  /** A picture of the key, in either cache, says more than that there once was none. */
  async function hasPicture(key: Key): Promise<boolean> {
    return Boolean((await readEntry(target, key)) ?? (await readEntry(source, key)))
  }

  async function compareRecord(key: Key): Promise<CopiedOriginal> {
    const name = unusableName(key)
    if ((await hasPicture(key)) || (await target.get(name))) return { outcome: 'present', bytes: 0 }
    return { outcome: 'copied', bytes: (await source.get(name))?.size ?? 0 }
  }

  async function copyRecord(key: Key): Promise<CopiedOriginal> {
    if (await hasPicture(key)) return { outcome: 'present', bytes: 0 }
    const { outcome, bytes } = await copyUnusableRecord(key, source, target)
    return { outcome: outcome === 'stored' ? 'copied' : 'present', bytes }
  }

  const keys: Key[] = []
  for await (const key of store.shared?.keys() ?? []) keys.push(key)
  const unusable: Key[] = []
  for await (const { name } of source.list('unusable/')) {
    const key = keyOfUnusableName(name)
    if (key !== undefined) unusable.push(key)
  }
  for (const key of keys) {
    const [copy, compare] = [() => copyOriginal(key), () => compareOriginal(key)]
    yield { key, kind: 'original', copy, compare }
  }
  for (const key of unusable) {
    const [copy, compare] = [() => copyRecord(key), () => compareRecord(key)]
    yield { key, kind: 'unusable', copy, compare }
  }
}
