import { CorruptOriginalError } from '../../errors/corrupt-original-error.ts'
import { NewerVersionError } from '../../errors/newer-version-error.ts'
import { StoreError } from '../../errors/store-error.ts'
import { IS_LFS_POINTER, PULL_LFS } from '../../manifest/source/lfs-pointer.ts'
import type { Key } from '../../plan/image-request.ts'
import type { StateOf } from '../../plan/image-state.ts'
import { requestKey } from '../../plan/request-key.ts'
import type { Digest } from '../../system/digest.ts'
import { createLazy } from '../../system/lazy.ts'
import { storeFault } from '../../system/system-error.ts'
import { NEEDS_NEWER, UPDATE } from '../newer-version.ts'
import { createDiskObjects } from '../objects/disk-objects.ts'
import type { SharedStore } from '../objects/shared-store.ts'
import type {
  Original,
  OriginalEntry,
  ProvePicture,
  Quarantined,
  ReadyOriginal,
  StoredOriginal,
  WantedOriginal,
} from '../original.ts'
import { resolveCacheLayout, writeGitFiles } from './cache-layout.ts'
import { adoptEntry } from './entry/adopt-entry.ts'
import { blobName, entryName, keyOfEntryName, limitFacts, serializeEntry } from './entry/entry.ts'
import type { Signer } from './entry/signature.ts'
import { readEntry } from './entry/stored-entries.ts'
import { discardQuarantined, listQuarantine, moveToQuarantine } from './quarantine.ts'
import { removeOriginal } from './remove-original.ts'
import { createSharedOriginals, type SharedOriginals } from './shared/shared-originals.ts'
import { createSharedTier } from './shared/shared-tier.ts'
import { createLocalBlobs } from './tiers/local-blobs.ts'
import type { UnusableRecord } from './unusable/unusable-record.ts'
import { createUnusableRecords, type UnusableAnswer } from './unusable/unusable-records.ts'
import { createVerification } from './verification/verification.ts'

export type StoredStatus =
  | ReadyOriginal
  | StateOf<'missing' | 'corrupt' | 'newer'>
  | (StateOf<'unusable'> & UnusableAnswer)

/** Entries and blobs, in the local directory and, behind it, a shared store. Knows nothing of requests. */
export interface OriginalStore {
  /**
   * Reads the entry strictly and looks for the blob, without reading it. What only the shared
   * store has is copied to this machine. A picture wins over the record of an unusable answer.
   */
  status(key: Key): Promise<StoredStatus>
  /**
   * {@link OriginalStore.status} for a request. A picture that lies under its earlier key alone gets
   * an entry under its own, here and in the shared store; where nothing can be written it is used
   * all the same.
   */
  find(wanted: WantedOriginal): Promise<StoredStatus>
  /**
   * Takes the word of whoever wrote a file for its digest, as long as the file stays as it is: it
   * is not read for it again. Never rejects.
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
  ): Promise<{ readonly original: Original; readonly first: boolean }>
  /**
   * Remembers that a key was answered without a usable picture, so that it is not requested again on
   * its own; a later {@link commit} forgets it.
   * @throws StoreError
   */
  recordUnusable(record: UnusableRecord): Promise<void>
  /** @throws CorruptOriginalError after the blob was put into quarantine */
  verify(original: Original): Promise<void>
  /** Moves a file out of the way, for people to look at. */
  quarantine(file: string, problem: string): Promise<Quarantined>
  /** Every file that {@link quarantine} has moved and that is still there. @throws StoreError */
  quarantined(): Promise<readonly Quarantined[]>
  /** Removes a file from quarantine whose picture is an original now. */
  discardQuarantined(path: string): Promise<void>
  /**
   * A new path on the same file system as the blobs. What is left there is removed a day after
   * its last change: keep nothing there that is still needed then.
   */
  temporaryFile(): Promise<string>
  /** Every original on this machine; entries that can't be used are reported and left out. */
  list(): AsyncIterable<StoredOriginal>
  /** Removes from this machine only; other machines may need what the shared store has. */
  remove(key: Key): Promise<void>
  /** Absent when there is none. */
  readonly shared: SharedOriginals | undefined
}

export interface OriginalStoreOptions {
  /** The cache directory. */
  readonly dir: string
  /** Stands behind the directory. */
  readonly shared?: SharedStore
  /**
   * Signs what is committed, and refuses what comes from the shared store without its signature.
   * The directory is the project's own: what lies there is used whether it is signed or not.
   */
  readonly signer?: Signer
  /** Decodes what comes from the shared store, which is not believed. Absent: its entries are. */
  readonly prove?: ProvePicture
  /** Takes full sentences. */
  readonly onWarning?: (message: string) => void
}

/** Milliseconds: no write takes a day. */
const ABANDONED = 24 * 60 * 60 * 1000

/** How often an original is put again that is removed while it is committed. */
const ROUNDS = 3

export function createOriginalStore(options: OriginalStoreOptions): OriginalStore {
  const layout = resolveCacheLayout(options.dir)
  const disk = createDiskObjects(layout.root, { temporary: layout.temporary })
  const { signer, prove } = options
  const shared =
    options.shared &&
    createSharedTier(options.shared, { disk, ...(signer && { signer }), ...(prove && { prove }) })
  const label = options.shared?.label
  const verification = createVerification(layout.verified)
  const warn = options.onWarning ?? (() => undefined)
  const { quarantine } = layout
  const blobs = createLocalBlobs({ disk, verification, quarantine, shared, warn })
  /** Before the first write. */
  const prepare = createLazy(async () => {
    try {
      await writeGitFiles(layout, disk)
    } catch (error) {
      throw storeFault(`${layout.root} can't be written`, error)
    }
    await disk.sweep(ABANDONED).catch((error: Error) => warn(error.message))
  })
  const unusable = createUnusableRecords({ disk, shared: options.shared, prepare, warn })

  function corruptEntry(key: Key, problem: string): string {
    const path = disk.path(entryName(key))
    if (problem === IS_LFS_POINTER) return `${path} ${problem}. ${PULL_LFS}`
    const head = `${path} ${problem}. It is neither used nor bought again on its own`
    return shared
      ? `${head}: restore it from version control, or delete it, so that it is copied from ${label} or, where that has none, bought again.`
      : `${head}: restore it from version control or a backup, or delete it to buy the image again.`
  }

  async function lookLocally(key: Key): Promise<StoredStatus> {
    const read = await readEntry(disk, key)
    if (!read) return { state: 'missing' }
    if ('problem' in read)
      return unreadable(read, corruptEntry(key, read.problem), disk.path(entryName(key)))
    const { entry } = read
    const blob = await blobs.find(entry)
    if ('path' in blob) {
      return { state: 'ready', original: { entry, path: blob.path }, where: 'local' }
    }
    const problem = blobs.describeFault(entry, blob.problem)
    return (await blobs.restore(entry, problem))
      ? { ...(await ready(entry)), where: 'shared' }
      : { state: 'corrupt', problem }
  }

  async function ready(entry: OriginalEntry) {
    const blob = await blobs.find(entry)
    if ('problem' in blob) throw new CorruptOriginalError(blobs.describeFault(entry, blob.problem))
    return { state: 'ready', original: { entry, path: blob.path } } as const
  }

  async function lookBehind(key: Key): Promise<StoredStatus> {
    const read = await shared?.entry(key)
    if (!shared || !read) return { state: 'missing' }
    if ('problem' in read) {
      const problem = `${label}/${entryName(key)} ${read.problem}. It is neither used nor bought again on its own: restore it, or delete it to buy the image again.`
      return unreadable(read, problem, `${label}/${entryName(key)}`)
    }
    await prepare()
    const fetched = await shared.fetchBlob(read.entry)
    if (fetched === 'unavailable') return { state: 'missing' }
    if (fetched !== 'fetched') {
      const problem = `${fetched.problem}. It is not bought again on its own: restore it, or delete ${label}/${entryName(key)} to buy the image again.`
      return { state: 'corrupt', problem }
    }
    await disk.putIfAbsent(entryName(key), { bytes: serializeEntry(read.entry) })
    const local = await lookLocally(key)
    return local.state === 'ready' ? { ...local, where: 'shared' } : local
  }

  async function status(key: Key): Promise<StoredStatus> {
    const local = await lookLocally(key)
    if (local.state !== 'missing') return local
    const behind = await lookBehind(key)
    if (behind.state !== 'missing') return behind
    const answer = await unusable.find(key)
    return answer ? { state: 'unusable', ...answer } : behind
  }

  /**
   * The original that a key ended up with, whoever was first.
   * @param mayStore false when the shared store has an entry of somebody else
   */
  async function settle(entry: OriginalEntry, file: string, mayStore: boolean): Promise<Original> {
    const { key } = entry
    for (let round = 1; ; round += 1) {
      if (mayStore) {
        await disk.putIfAbsent(entryName(key), { bytes: serializeEntry(entry) })
        // Somebody may have removed another key's original of the same bytes in between.
        if ('problem' in (await blobs.find(entry))) await blobs.put(entry, file)
      }
      const found = await status(key)
      if (found.state === 'ready') return found.original
      // A removal that came after that: the bytes are still at hand, so they are put again.
      if (round < ROUNDS && (found.state !== 'corrupt' || !shared)) continue
      if (found.state === 'corrupt') throw new CorruptOriginalError(found.problem)
      if (found.state === 'newer') throw new NewerVersionError(found.problem)
      throw new StoreError(
        `${disk.path(entryName(key))} was there a moment ago and is gone: something else deletes files in ${layout.root}. Run again.`,
      )
    }
  }

  /** False when the shared store has an entry of somebody else. */
  async function share(entry: OriginalEntry, file: string): Promise<boolean> {
    if (!shared) return true
    if (shared.store.access === 'read-only') {
      warn(
        `${label} is read-only here: ${entryName(entry.key)} and ${blobName(entry)} would have been written to it. Run \`imagegen push\` where it can be written, or others buy the same image.`,
      )
      return true
    }
    const { digest, size } = entry
    return (await shared.put(entry, { file, digest, size })) !== 'present'
  }

  /** The first look decides, so that a picture is adopted once. */
  async function find(wanted: WantedOriginal): Promise<StoredStatus> {
    const found = await status(wanted.key)
    const isOpen = found.state === 'missing' || found.state === 'unusable'
    if (!isOpen || wanted.earlierKey === undefined) return found
    const earlier = await status(wanted.earlierKey)
    if (earlier.state === 'missing') return found
    if (earlier.state !== 'ready') return earlier
    const { entry, path } = earlier.original
    const adopted = adoptEntry(entry, wanted)
    const original = { entry: signer?.sign(adopted) ?? adopted, path }
    // Where nothing can be written, the next run finds the picture in the same way.
    await adopt(original.entry, path).catch(toStoreError)
    return { ...earlier, original }
  }

  async function adopt(entry: OriginalEntry, blob: string): Promise<void> {
    await prepare()
    await disk.putIfAbsent(entryName(entry.key), { bytes: serializeEntry(entry) })
    if (shared?.store.access !== 'read-write') return
    const { digest, size } = entry
    await shared.put(entry, { file: blob, digest, size })
  }

  /** The original of this machine, whole, and signed where that is wanted. */
  async function localOriginal(key: Key): Promise<Original | undefined> {
    const found = await lookLocally(key)
    if (found.state === 'corrupt') throw new CorruptOriginalError(found.problem)
    if (found.state !== 'ready') return undefined
    await blobs.verify(found.original)
    const { entry, path } = found.original
    return { entry: signer?.sign(entry) ?? entry, path }
  }

  return {
    status: status,
    find,
    shared: shared && createSharedOriginals({ tier: shared, local: localOriginal, unusable, warn }),

    async commit(given, file) {
      const limited = { ...given, facts: limitFacts(given.facts) }
      const entry = signer?.sign(limited) ?? limited
      await prepare()
      await assertWhole(entry, file)
      await blobs.put(entry, file)
      const mine = (original: Original) =>
        original.entry.requestId === entry.requestId && original.entry.digest === entry.digest
      const original = await settle(entry, file, await share(entry, file))
      await unusable.remove(entry.key)
      return { original, first: mine(original) }
    },

    recordUnusable: unusable.put,
    trust: verification.trust,
    verify: blobs.verify,

    async quarantine(file, problem) {
      return moveToQuarantine(file, problem, quarantine)
    },
    quarantined: () => listQuarantine(quarantine),
    discardQuarantined,

    async temporaryFile() {
      await prepare()
      return disk.temporaryFile()
    },

    async *list() {
      for await (const { name, size } of disk.list('entries/')) {
        const key = keyOfEntryName(name)
        const read = key && (await readEntry(disk, key))
        if (!key || !read) continue
        if ('problem' in read)
          warn(unreadable(read, corruptEntry(key, read.problem), disk.path(name)).problem)
        else yield { key, entry: read.entry, size: size + read.entry.size }
      }
    },

    remove: key => removeOriginal(key, disk, layout),
  }

  /** The last look before bytes become an original: a mistake of ours must not be stored for good. */
  async function assertWhole({ key, request, digest, size }: OriginalEntry, file: string) {
    try {
      const whole = await verification.hasDigest(file, digest, size)
      if (whole && requestKey(request) === key) return
    } catch (error) {
      throw storeFault(`${file} can't be read`, error)
    }
    throw new StoreError(
      `${file} does not have the size, digest or key of the entry that it was to be committed with. It is not stored; please report this.`,
    )
  }
}

function toStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error
  throw error
}

/** An entry that can't be used: corrupt, or only newer, and then nobody is told to delete it. */
function unreadable(
  { newer }: { readonly newer?: true },
  corrupt: string,
  where: string,
): Extract<StoredStatus, { state: 'corrupt' | 'newer' }> {
  return newer
    ? { state: 'newer', problem: `${where} ${NEEDS_NEWER}. ${UPDATE}` }
    : { state: 'corrupt', problem: corrupt }
}
