import { createLazy } from '../../../system/lazy.ts'
import { storeFault } from '../../../system/system-error.ts'
import { createDiskObjects, type DiskObjects } from '../../objects/disk-objects.ts'
import type { SharedStore } from '../../objects/shared-store.ts'
import type { OriginalEntry, ProvePicture } from '../../original.ts'
import { type CacheLayout, resolveCacheLayout, writeGitFiles } from '../cache-layout.ts'
import { createEntryReader, type ReadEntry } from '../entry/entry-reader.ts'
import type { Signer } from '../entry/signature.ts'
import { createSharedTier, type SharedTier } from '../shared/shared-tier.ts'
import { createUnusableRecords, type UnusableRecords } from '../unusable/unusable-records.ts'
import { createVerification, type Verification } from '../verification/verification.ts'

export interface OriginalStoreOptions {
  /** The cache directory. */
  readonly dir: string
  /** Stands behind the directory. */
  readonly shared?: SharedStore
  /**
   * Signs new entries, and refuses entries of the shared store without its signature. The directory
   * is the project's own: its entries are used whether they are signed or not.
   */
  readonly signer?: Signer
  /** Decodes pictures of the shared store, whose entries are not believed. Absent: they are. */
  readonly prove?: ProvePicture
  /** Takes full sentences. */
  readonly onWarning?: (message: string) => void
}

/** What one store of originals works with. */
export interface StoreState {
  readonly layout: CacheLayout
  readonly disk: DiskObjects
  /** An entry of this machine. */
  readonly readEntry: ReadEntry
  /** Absent when there is none. */
  readonly shared: SharedTier | undefined
  readonly unusable: UnusableRecords
  readonly verification: Verification
  /** The entry, signed where that is wanted. */
  sign(entry: OriginalEntry): OriginalEntry
  /** To be awaited before the first write. */
  prepare(): Promise<void>
  /** Takes full sentences. */
  warn(message: string): void
}

/** Milliseconds: no write takes a day. */
const ABANDONED = 24 * 60 * 60 * 1000

export function createStoreState(options: OriginalStoreOptions): StoreState {
  const { signer, prove, onWarning: warn = () => undefined } = options
  const layout = resolveCacheLayout(options.dir)
  const disk = createDiskObjects(layout.root, { temporary: layout.temporary })
  const prepare = createLazy(async () => {
    try {
      await writeGitFiles(layout, disk)
    } catch (error) {
      throw storeFault(`${layout.root} can't be written`, error)
    }
    await disk.sweep(ABANDONED).catch((error: Error) => warn(error.message))
  })
  return {
    layout,
    disk,
    readEntry: createEntryReader(disk),
    shared:
      options.shared &&
      createSharedTier(options.shared, {
        disk,
        ...(signer && { signer }),
        ...(prove && { prove }),
      }),
    unusable: createUnusableRecords({ disk, shared: options.shared, prepare, warn }),
    verification: createVerification(layout.verified),
    sign: entry => signer?.sign(entry) ?? entry,
    prepare,
    warn,
  }
}
