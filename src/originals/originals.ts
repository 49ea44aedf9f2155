import type { ImageId } from '../manifest/image-id.ts'
import type { ImageRequest, Key } from '../plan/image-request.ts'
import type { ReferencePicture } from '../provider/provider.ts'
import type { Original } from './original.ts'

/** What is asked for: a request, and who asks. */
export interface Order {
  readonly key: Key
  readonly request: ImageRequest
  readonly references: readonly ReferencePicture[]
  /** For messages. */
  readonly image: ImageId
}

/** What is known of a key without buying anything. */
export type OriginalState =
  | { readonly state: 'ready'; readonly original: Original; readonly where: 'local' | 'shared' }
  | { readonly state: 'missing' }
  /** An attempt was sent and its outcome is not known. */
  | { readonly state: 'uncertain'; readonly requestId: string; readonly attempts: number; readonly since: string }
  /** There is an entry, but it or its bytes are not what they should be. */
  | { readonly state: 'corrupt'; readonly problem: string }

export interface Acquired {
  readonly original: Original
  /** `adopted`: another process or machine bought it while this one waited. `recovered`: an earlier run's answer was on disk. */
  readonly how: 'cached' | 'bought' | 'adopted' | 'recovered'
  /** Requests sent for it by this call. */
  readonly attempts: number
  /** Of these and of earlier runs: how many may have been billed beside the one that counts. */
  readonly possiblyBilledTwice: number
  /** Milliseconds spent waiting between attempts and for others. */
  readonly waited: number
}

export type AcquireProgress =
  | { readonly type: 'queued' }
  | { readonly type: 'waiting-for-other'; readonly holder: string }
  | { readonly type: 'sending'; readonly attempt: number; readonly requestId: string }
  | { readonly type: 'receiving'; readonly bytes: number }
  | { readonly type: 'retrying'; readonly attempt: number; readonly delay: number; readonly reason: string }
  | { readonly type: 'warning'; readonly message: string }

export interface AcquireOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: AcquireProgress) => void
  /** Overrides `retry.uncertain` for this order. */
  readonly uncertain?: 'retry' | 'stop'
}
