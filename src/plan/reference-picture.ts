import type { Digest } from '../system/digest.ts'
import type { ReferenceFormat } from '../system/picture-format.ts'

/** A reference picture as it is uploaded. */
export interface ReferencePicture {
  /** File name without folders, as it is sent. */
  readonly fileName: string
  readonly type: `image/${ReferenceFormat}`
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  /** Reads the bytes; rejects when they no longer have `digest`. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
}
