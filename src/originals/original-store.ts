import type { Key } from '../plan/image-request.ts'
import type { Original, OriginalEntry } from './original.ts'
import type { Quarantined, StoredOriginal } from './originals.ts'

export type StoreLook =
  | { readonly state: 'ready'; readonly original: Original; readonly where: 'local' | 'shared' }
  | { readonly state: 'missing' }
  | { readonly state: 'corrupt'; readonly problem: string }

/** Entries and blobs, in the local directory and, behind it, a shared store. Knows nothing of requests. */
export interface OriginalStore {
  look(key: Key): Promise<StoreLook>
  /**
   * Blob first, entry last; the first writer wins.
   * @param file a complete, synced file inside {@link temporaryFile}'s folder with exactly the entry's bytes
   */
  commit(
    entry: OriginalEntry,
    file: string,
  ): Promise<{ readonly original: Original; readonly first: boolean }>
  verify(original: Original): Promise<void>
  /** Moves a file out of the way, for people to look at. */
  quarantine(file: string, problem: string): Promise<Quarantined>
  /** A new path on the same file system as the blobs. */
  temporaryFile(): Promise<string>
  list(): AsyncIterable<StoredOriginal>
  remove(key: Key): Promise<void>
}
