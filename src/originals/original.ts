import type { Digest, ImageRequest, Key } from '../plan/image-request.ts'
import type { PictureFormat } from '../plan/sniff-format.ts'
import type { AnswerFacts } from '../provider/provider.ts'

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
 * Decodes a file in full and says what it is. Handed in, so that this room does not know the decoder.
 * @param signal given up when it is aborted; the file may still be read for a moment
 * @throws UnusablePictureError when it is no usable raster picture;
 * anything else that is thrown says nothing about the picture, which then waits for the next run
 */
export type ProvePicture = (file: string, signal?: AbortSignal) => Promise<ProvenPicture>

/** The commit point of an original: `entries/<kk>/<key>.json`. Never overwritten. */
export interface OriginalEntry extends PictureFacts {
  readonly version: 1
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
