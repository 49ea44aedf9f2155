import type { ImageRequest, Key } from '../plan/image-request.ts'
import type { KeyState, StateOf } from '../plan/image-state.ts'
import type { AnswerFacts } from '../provider/provider.ts'
import type { Digest } from '../system/digest.ts'
import type { PictureFormat } from '../system/picture-format.ts'

/** What a picture turned out to be once it was decoded in full. */
export interface PictureFacts {
  readonly format: PictureFormat
  /** Pixels of the decoded picture. */
  readonly width: number
  readonly height: number
}

/** What a picture is, and why that is only what its header says, as a sentence. */
export interface ProvenPicture extends PictureFacts {
  readonly undecoded?: string
}

/**
 * Decodes a file in full and says what it is. Handed in, so that originals do not know the decoder.
 * @param signal given up when it is aborted; the file may still be read for a moment
 * @throws UnusablePictureError when it is no usable raster picture;
 * anything else that is thrown says nothing about the picture, which then waits for the next run
 */
export type ProvePicture = (file: string, signal?: AbortSignal) => Promise<ProvenPicture>

/** The commit point of an original: `entries/<kk>/<key>.json`. Never overwritten. */
export interface OriginalEntry extends PictureFacts {
  /** 2 for requests with fields that 0.1.0 does not know. */
  readonly version: 1 | 2
  readonly key: Key
  readonly request: ImageRequest
  /** Of the blob's bytes. */
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly requestId: string
  readonly attempts: number
  /** ISO 8601. */
  readonly createdAt: string
  /** `revised_prompt`, `usage` and whatever else the API said. */
  readonly facts: AnswerFacts
  /** HMAC over key, digest and request, when entries are signed. */
  readonly signature?: string
}

/** A committed picture: its entry, and where its bytes lie on this machine. */
export interface Original {
  readonly entry: OriginalEntry
  /** Absolute path of the blob. Use {@link Originals.verifiedBytes} or `verify` before serving it. */
  readonly path: string
}

/** A key, and what it stands for. */
export interface WantedOriginal {
  readonly key: Key
  readonly request: ImageRequest
  /** Another key that a picture of this request may have: what lies there is adopted. */
  readonly earlierKey?: Key
}

/** A picture that is there. */
export type ReadyOriginal = StateOf<'ready'> & { readonly original: Original }

/** What is known of a key without requesting anything. */
export type OriginalState = ReadyOriginal | Exclude<KeyState, { state: 'ready' }>

/** A billed answer without a usable picture, or a file that is not what it should be. */
export interface Quarantined {
  /** Absolute path. */
  readonly path: string
  readonly problem: string
}

/** An original as a listing shows it. */
export interface StoredOriginal {
  readonly key: Key
  readonly entry: OriginalEntry
  /** Bytes of blob and entry. */
  readonly size: number
}
