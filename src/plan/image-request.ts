import type { ParamValue } from '../manifest/manifest.ts'

export type Endpoint = 'generations' | 'edits'

/** SHA-256 in lower-case hexadecimal, 64 characters. */
export type Digest = string

/** {@link Digest} of a request's canonical JSON. */
export type Key = string

/** What is sent for one image: all that its picture depends on, and nothing else. */
export interface ImageRequest {
  readonly endpoint: Endpoint
  readonly model: string
  readonly prompt: string
  readonly size: string
  readonly params: Readonly<Record<string, ParamValue>>
  readonly revision: number
  /** Digests of the references' bytes, in the order in which they are sent. */
  readonly references: readonly Digest[]
}
