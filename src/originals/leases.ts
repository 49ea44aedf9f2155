import type { Key } from '../plan/image-request.ts'

/** The right to buy one key, held by one process. */
export interface Lease {
  /** Aborted when somebody else took the lease over: whatever is still to be sent must not be sent. */
  readonly lost: AbortSignal
  /** Request ID that a dead or finished holder had noted: an attempt of theirs may be under way or billed. */
  readonly inheritedRequestId: string | undefined
  /** Notes the request ID durably before the first attempt, for whoever takes over. */
  note(requestId: string): Promise<void>
  /** Gives the lease back, so that the next one need not wait. */
  release(): Promise<void>
}

export interface WaitOptions {
  readonly signal?: AbortSignal
  /** Asked now and then while waiting: true ends the wait, because the original is there. */
  arrived(): Promise<boolean>
  /** Called once per holder that is waited for. */
  onWait?(holder: string): void
}

export interface Leases {
  /** Resolves with the lease, or with undefined when `arrived` said so first. */
  acquire(key: Key, options: WaitOptions): Promise<Lease | undefined>
}
