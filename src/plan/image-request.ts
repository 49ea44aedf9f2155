import type { ParamValue } from '../manifest/manifest.ts'
import { type Digest, isDigest } from '../system/digest.ts'

/** Which endpoint a request goes to: `edits` for images that refer to others. */
export type Endpoint = 'generations' | 'edits'

declare const keyBrand: unique symbol

/** Exported as {@link Digest}'s is. */
export interface KeyBrand {
  readonly [keyBrand]: true
}

/** {@link Digest} of a request's canonical JSON. */
export type Key = Digest & KeyBrand

/** Whether a text that was read has the form of a key. */
export function isKey(text: string): text is Key {
  return isDigest(text)
}

/** What is sent for one image: all that its picture depends on, and nothing else. */
export interface ImageRequest {
  readonly endpoint: Endpoint
  /** The name of a provider of one's own; absent: an API in OpenAI's form, whichever it is. */
  readonly provider?: string
  readonly model: string
  readonly prompt: string
  readonly size: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly revision: number
  /** Digests of the references' bytes, in the order in which they are sent. */
  readonly references: readonly Digest[]
  /** Digest of the mask of the first reference. */
  readonly mask?: Digest
}
