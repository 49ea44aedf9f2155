import { NewerVersionError } from '../../../errors/newer-version-error.ts'
import { StoreError } from '../../../errors/store-error.ts'
import { IS_LFS_POINTER, PULL_LFS } from '../../../manifest/source/lfs-pointer.ts'
import type { Key } from '../../../plan/image-request.ts'
import { UPDATE } from '../../newer-version.ts'
import type { DiskObjects } from '../../objects/disk-objects.ts'
import type { ObjectStore } from '../../objects/object-store.ts'
import type { SharedStore } from '../../objects/shared-store.ts'
import { readObject } from '../entry/stored-entries.ts'
import {
  keyOfUnusableName,
  LARGEST_RECORD,
  type ParsedRecord,
  parseUnusableRecord,
  serializeUnusableRecord,
  type UnusableRecord,
  unusableName,
} from './unusable-record.ts'

/** What is known of a key whose answer was no usable picture. */
export interface UnusableAnswer {
  /** As sentences. */
  readonly problem: string
  /** Absent when it is there and can't be read: then as well nothing is requested. */
  readonly record?: UnusableRecord
}

/** The records of answers without a usable picture, on this machine and behind it. */
export interface UnusableRecords {
  /** What only the shared store has is copied to this machine. @throws StoreError */
  find(key: Key): Promise<UnusableAnswer | undefined>
  /** The record on this machine, if it can be read. @throws StoreError */
  findHere(key: Key): Promise<UnusableRecord | undefined>
  /** Every record on this machine that can be read. @throws StoreError */
  list(): AsyncIterable<UnusableRecord>
  /** Takes the place of an earlier record of the key. @throws StoreError */
  put(record: UnusableRecord): Promise<void>
  /** Copies this machine's record to the shared store, or says what would come of that. */
  push(key: Key, dryRun: boolean): Promise<'stored' | 'present' | 'missing'>
  /** Forgets a key, which has a picture now. An entry wins over a record that stays, so faults are warnings. */
  remove(key: Key): Promise<void>
}

export interface UnusableRecordsDeps {
  readonly disk: DiskObjects
  readonly shared: SharedStore | undefined
  /** Before the first write. */
  prepare(): Promise<void>
  warn(message: string): void
}

export function createUnusableRecords({
  disk,
  shared,
  prepare,
  warn,
}: UnusableRecordsDeps): UnusableRecords {
  async function find(key: Key): Promise<UnusableAnswer | undefined> {
    const local = await read(disk, key)
    if (local) return describe(local, disk.path(unusableName(key)))
    const behind = await shared?.attempt(() => read(shared.objects, key))
    if (!shared || !behind) return undefined
    // What a read-only cache can't keep is looked up behind it again.
    if ('record' in behind) await putLocally(behind.record).catch(warnOf)
    return describe(behind, `${shared.label}/${unusableName(key)}`)
  }

  function warnOf(error: unknown): void {
    warn(error instanceof Error ? error.message : String(error))
  }

  async function putLocally(record: UnusableRecord): Promise<void> {
    await prepare()
    await replace(disk, record)
  }

  async function findHere(key: Key): Promise<UnusableRecord | undefined> {
    const here = await read(disk, key)
    return here && 'record' in here ? here.record : undefined
  }

  return {
    find,
    findHere,

    async *list() {
      for await (const { name } of disk.list('unusable/')) {
        const key = keyOfUnusableName(name)
        const record = key && (await findHere(key))
        if (record) yield record
      }
    },

    async put(record) {
      await putLocally(record)
      if (shared?.access === 'read-write')
        await shared.attempt(() => replace(shared.objects, record))
    },

    async push(key, dryRun) {
      const local = await read(disk, key)
      if (!shared || !local || !('record' in local)) return 'missing'
      const { record } = local
      const there = await read(shared.objects, key)
      if (there && 'record' in there && there.record.requestId === record.requestId)
        return 'present'
      if (!dryRun) await replace(shared.objects, record)
      return 'stored'
    },

    async remove(key) {
      const name = unusableName(key)
      try {
        if (!(await disk.get(name))) return
        await disk.delete(name)
        if (shared?.access === 'read-write') await shared.attempt(() => shared.objects.delete(name))
      } catch (error) {
        warnOf(error)
      }
    },
  }
}

/**
 * Copies a record from one store to another; one that is there stays.
 * @returns the bytes of the record
 * @throws StoreError, and when the record can't be read
 */
export async function copyUnusableRecord(
  key: Key,
  from: ObjectStore,
  to: ObjectStore,
): Promise<{ readonly outcome: 'stored' | 'present'; readonly bytes: number }> {
  const name = unusableName(key)
  const found = await read(from, key)
  if (!found)
    throw new StoreError(`${name} disappeared from ${from.label} during the copy. Run again.`)
  if (!('record' in found)) throw new StoreError(describe(found, `${from.label}/${name}`).problem)
  const bytes = serializeUnusableRecord(found.record)
  return { outcome: await to.putIfAbsent(name, { bytes }), bytes: bytes.length }
}

async function read(objects: ObjectStore, key: Key): Promise<ParsedRecord | undefined> {
  const bytes = await readObject(objects, unusableName(key), LARGEST_RECORD)
  if (bytes === 'too large') return { problem: 'is larger than a record may be' }
  return bytes && parseUnusableRecord(bytes, key)
}

/** Objects are never overwritten: between the two steps the key counts as missing, under its lease. */
async function replace(objects: ObjectStore, record: UnusableRecord): Promise<void> {
  const name = unusableName(record.key)
  const bytes = serializeUnusableRecord(record)
  if ((await objects.putIfAbsent(name, { bytes })) === 'stored') return
  const there = await read(objects, record.key)
  if (there && 'record' in there && there.record.requestId === record.requestId) return
  if (there && 'problem' in there && there.newer) {
    throw new NewerVersionError(`${objects.label}/${name} ${there.problem}. ${UPDATE}`)
  }
  await objects.delete(name)
  await objects.putIfAbsent(name, { bytes })
}

function describe(read: ParsedRecord, where: string): UnusableAnswer {
  if ('record' in read) return { problem: read.record.problem, record: read.record }
  if (read.newer) return { problem: `${where} ${read.problem}. ${UPDATE}` }
  return {
    problem:
      read.problem === IS_LFS_POINTER
        ? `${where} ${read.problem}. ${PULL_LFS}`
        : `${where} ${read.problem}. It records an unusable answer of the API. Restore it from version control, or delete it.`,
  }
}
