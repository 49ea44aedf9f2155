import type { Digest } from '../../system/digest.ts'

export interface ObjectInfo {
  /** Forward slashes, relative to the store: `entries/ab/abcd….json`. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly modified: Date
}

export interface StoredObject extends ObjectInfo {
  /** The bytes as they are stored; the caller verifies them. */
  stream(): AsyncIterable<Uint8Array>
}

export type ObjectSource =
  | { readonly bytes: Uint8Array }
  | {
      /** A complete, synced file on the local disk; it stays where it is. */
      readonly file: string
      readonly size: number
      readonly digest: Digest
    }

/**
 * Four verbs over named, immutable objects: what a directory and an S3 bucket have in common.
 * Every verb rejects with a StoreError when the store cannot be used; an object is absent only
 * when that is certain.
 */
export interface ObjectStore {
  /** For messages: `.imagegen` or `s3://bucket/prefix`. */
  readonly label: string
  get(name: string): Promise<StoredObject | undefined>
  /**
   * Stores an object unless one of that name exists; the first writer wins. When this resolves
   * with `stored`, the object is complete and durable; nobody ever sees half of it.
   */
  putIfAbsent(name: string, source: ObjectSource): Promise<'stored' | 'present'>
  /** Every object whose name begins with `prefix`, in no particular order, without limit. */
  list(prefix: string): AsyncIterable<ObjectInfo>
  /** Resolves as well when there is no such object. */
  delete(name: string): Promise<void>
}
