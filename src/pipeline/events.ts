import type { ImageId } from '../manifest/image-id.ts'
import type { Key } from '../plan/image-request.ts'

export type ImageStatus =
  | { readonly state: 'queued' }
  | { readonly state: 'waiting'; readonly holder: string }
  | { readonly state: 'generating'; readonly attempt: number; readonly requestId: string }
  | { readonly state: 'receiving'; readonly bytes: number }
  | {
      readonly state: 'retrying'
      readonly attempt: number
      readonly delay: number
      readonly reason: string
    }
  | { readonly state: 'ready'; readonly how: 'cached' | 'bought' | 'adopted' | 'recovered' }
  | { readonly state: 'failed'; readonly error: Error }

/** What a face shows while the pipeline works. */
export type PipelineEvent =
  | { readonly type: 'run-start'; readonly images: number; readonly toBuy: number }
  | {
      readonly type: 'image'
      readonly image: ImageId
      /** Of the request that this is about; absent while what it refers to is not there. */
      readonly key?: Key
      readonly status: ImageStatus
    }
  | { readonly type: 'warning'; readonly message: string; readonly image?: ImageId }
  | { readonly type: 'run-end'; readonly report: RunReport }

export interface ImageOutcome {
  readonly image: ImageId
  readonly outcome: 'cached' | 'bought' | 'adopted' | 'recovered' | 'failed' | 'skipped'
  /** Milliseconds. */
  readonly duration: number
  readonly attempts: number
  readonly possiblyBilledTwice: number
  /** Milliseconds spent waiting between attempts and for others. */
  readonly waited: number
  readonly width?: number
  readonly height?: number
  /** Bytes of the original. */
  readonly size?: number
  readonly error?: Error
}

/** What one run did. */
export interface RunReport {
  readonly images: readonly ImageOutcome[]
  /** Requests sent to the provider. */
  readonly requests: number
  /** Attempts that may have been billed beside the one that brought the picture. */
  readonly possiblyBilledTwice: number
  /** Milliseconds spent waiting between attempts. */
  readonly waited: number
}
