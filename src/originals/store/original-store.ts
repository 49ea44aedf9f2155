import type { Key } from '../../plan/image-request.ts'
import type { Digest } from '../../system/digest.ts'
import type {
  Original,
  OriginalEntry,
  Quarantined,
  StoredOriginal,
  WantedOriginal,
} from '../original.ts'
import { keyOfEntryName } from './entry/entry.ts'
import { discardQuarantined, listQuarantine, moveToQuarantine } from './quarantine.ts'
import { removeOriginal } from './remove-original.ts'
import { createSharedOriginals, type SharedOriginals } from './shared/shared-originals.ts'
import { verifyBlob } from './tiers/blobs.ts'
import { type Committing, commitOriginal } from './tiers/commit-original.ts'
import {
  describeEntryFault,
  findOriginal,
  findStatus,
  findWhole,
  type StoredStatus,
} from './tiers/find-original.ts'
import {
  createStoreState,
  type OriginalStoreOptions,
  type StoreState,
} from './tiers/store-state.ts'
import type { UnusableRecord } from './unusable/unusable-record.ts'

/** Entries and blobs, in the local directory and, behind it, a shared store. Knows nothing of requests. */
export interface OriginalStore {
  /**
   * Reads the entry strictly and looks for the blob, without reading it. An original that only
   * the shared store has is copied to this machine. A picture wins over the record of an unusable answer.
   */
  status(key: Key): Promise<StoredStatus>
  /**
   * {@link OriginalStore.status} for a request. A picture that lies under its earlier key alone gets
   * an entry under its own, here and in the shared store; where nothing can be written it is used
   * all the same.
   */
  find(wanted: WantedOriginal): Promise<StoredStatus>
  /**
   * Takes the writer's word for the digest of a file, as long as the file stays unchanged: it is
   * not read again to be hashed. Never rejects.
   */
  trust(file: string, digest: Digest): Promise<void>
  /**
   * Blob first, entry last; the first writer wins.
   * @param file a complete, synced file inside {@link temporaryFile}'s folder with exactly the
   * entry's bytes; it stays where it is, and must not be written to any more
   * @throws StoreError, CorruptOriginalError when the key has an entry that can't be used
   */
  commit(
    entry: OriginalEntry,
    file: string,
    options?: Pick<Committing, 'keepsRecord'>,
  ): Promise<{ readonly original: Original; readonly first: boolean }>
  /**
   * Remembers that a key was answered without a usable picture, so that it is not requested again on
   * its own; a later {@link commit} forgets it.
   * @throws StoreError
   */
  recordUnusable(record: UnusableRecord): Promise<void>
  /** The record of {@link recordUnusable} on this machine, if there is one. @throws StoreError */
  unusableRecord(key: Key): Promise<UnusableRecord | undefined>
  /** Every such record on this machine. @throws StoreError */
  unusableRecords(): AsyncIterable<UnusableRecord>
  /** @throws CorruptOriginalError after the blob was put into quarantine */
  verify(original: Original): Promise<void>
  /** Moves a file out of the way, for people to inspect. */
  quarantine(file: string, problem: string): Promise<Quarantined>
  /** Every file that {@link quarantine} has moved and that is still there. @throws StoreError */
  quarantined(): Promise<readonly Quarantined[]>
  /** Removes a file from quarantine whose picture is an original now. */
  discardQuarantined(path: string): Promise<void>
  /**
   * A new path on the same file system as the blobs. A file left there is removed a day after its
   * last change: keep nothing there that is needed later.
   */
  temporaryFile(): Promise<string>
  /** Every original on this machine; entries that can't be used are reported and left out. */
  list(): AsyncIterable<StoredOriginal>
  /** A key's entry in each tier, as far as it can be read; copies nothing. @throws StoreError */
  entries(key: Key): Promise<TieredEntries>
  /** Removes from this machine only; other machines may need the copy in the shared store. */
  remove(key: Key): Promise<void>
  /** Absent when there is none. */
  readonly shared: SharedOriginals | undefined
}

export interface TieredEntries {
  readonly here?: OriginalEntry
  readonly shared?: OriginalEntry
}

export function createOriginalStore(options: OriginalStoreOptions): OriginalStore {
  const state = createStoreState(options)
  const { layout, disk, shared: tier, unusable, verification, prepare, warn } = state
  return {
    status: key => findStatus(state, key),
    find: wanted => findOriginal(state, wanted),
    commit: (entry, file, commitOptions) =>
      commitOriginal(state, entry, { file, ...commitOptions }),
    shared:
      tier && createSharedOriginals({ tier, local: key => findWhole(state, key), unusable, warn }),
    recordUnusable: unusable.put,
    unusableRecord: unusable.findHere,
    unusableRecords: unusable.list,
    trust: verification.trust,
    verify: original => verifyBlob(state, original),
    quarantine: (file, problem) => moveToQuarantine(file, problem, layout.quarantine),
    quarantined: () => listQuarantine(layout.quarantine),
    discardQuarantined,

    async temporaryFile() {
      await prepare()
      return disk.temporaryFile()
    },

    list: () => listOriginals(state),
    entries: key => readEntries(state, key),
    remove: key => removeOriginal(key, disk, layout),
  }
}

async function readEntries({ readEntry, shared }: StoreState, key: Key): Promise<TieredEntries> {
  const [here, behind] = [await readEntry(key), await shared?.entry(key)]
  return {
    ...(here && 'entry' in here && { here: here.entry }),
    ...(behind && 'entry' in behind && { shared: behind.entry }),
  }
}

async function* listOriginals(state: StoreState): AsyncGenerator<StoredOriginal> {
  const { disk, readEntry, warn } = state
  for await (const { name, size } of disk.list('entries/')) {
    const key = keyOfEntryName(name)
    const read = key && (await readEntry(key))
    if (!key || !read) continue
    if ('problem' in read) warn(describeEntryFault(state, key, read).problem)
    else yield { key, entry: read.entry, size: size + read.entry.size }
  }
}
