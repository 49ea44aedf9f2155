import { createHash, type Hash } from 'node:crypto'

declare const digestBrand: unique symbol

/** An interface of its own, so that declarations of inferred types can name it. */
export interface DigestBrand {
  readonly [digestBrand]: true
}

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export type Digest = string & DigestBrand

/** The digest of bytes, or of text as UTF-8. */
export function sha256(content: string | Uint8Array): Digest {
  return digestOf(createHash('sha256').update(content))
}

/** @param sha256 of content that came in pieces */
export function digestOf(sha256: Hash): Digest {
  return sha256.digest('hex') as Digest
}

/** Whether a text that was read has the form of a digest. */
export function isDigest(text: string): text is Digest {
  return /^[0-9a-f]{64}$/.test(text)
}
