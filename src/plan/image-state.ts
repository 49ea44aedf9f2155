import { ImagegenError } from '../errors/imagegen-error.ts'
import type { ImageId } from '../manifest/image-id.ts'

/**
 * Everything an image can be in, from the disk to the gallery's page, as plain JSON. `problem` is in
 * full sentences; an `Error` travels beside the state. Faces render these states, and none
 * translates them.
 */
export type ImageState =
  | {
      readonly state: 'ready'
      /** `shared`: it was copied from the shared store just now. */
      readonly where: 'local' | 'shared'
      /** Set where a run says how it came by the picture. */
      readonly how?: Provenance
    }
  /** `problem`: what the last attempt ended with, when one was made. */
  | { readonly state: 'missing'; readonly problem?: string }
  /** Its key is unknown as long as these images have no picture. */
  | { readonly state: 'blocked'; readonly by: readonly ImageId[] }
  /** An attempt was sent and its outcome is not known. */
  | {
      readonly state: 'uncertain'
      /** Of the last such attempt. */
      readonly requestId: string
      readonly attempts: number
      /** ISO 8601. */
      readonly since: string
      /** Absent: nothing is known of how the last attempt ended. */
      readonly problem?: string
    }
  /** The API refused this very request; it is not sent again on its own. */
  | { readonly state: 'refused'; readonly problem: string }
  /** The API's answer was no usable picture; it is not requested again on its own. */
  | { readonly state: 'unusable'; readonly problem: string }
  /** A newer version wrote some of it, and has to read it. */
  | { readonly state: 'newer'; readonly problem: string }
  /** There is an entry, but it or its bytes are not what they should be. */
  | { readonly state: 'corrupt'; readonly problem: string }
  /** Wanted, but nothing may be requested: no key, no budget, or somebody dropped it. */
  | {
      readonly state: 'held'
      readonly problem: string
      /** Time makes room for it. */
      readonly forBudget?: true
    }
  /** Wanted. `after`: these images have to be made first. */
  | { readonly state: 'queued'; readonly after?: readonly ImageId[] }
  /** Another process is generating it. */
  | { readonly state: 'waiting'; readonly holder: string }
  /** `attempt` counts the requests of this run from 1, here and below. */
  | { readonly state: 'generating'; readonly attempt: number; readonly requestId: string }
  | { readonly state: 'receiving'; readonly attempt: number; readonly bytes: number }
  | {
      readonly state: 'retrying'
      /** The one that follows. */
      readonly attempt: number
      /** Milliseconds until then. */
      readonly delay: number
      readonly problem: string
    }
  /** `code`: of the error, for programs. */
  | { readonly state: 'failed'; readonly problem: string; readonly code?: string }

/** The discriminant of an {@link ImageState}. */
export type ImageStateName = ImageState['state']

/** The members of {@link ImageState} with these names. */
export type StateOf<Name extends ImageStateName> = Extract<ImageState, { state: Name }>

/**
 * `adopted`: another caller, process or machine generated it meanwhile. `recovered`: an earlier
 * run's answer was on disk.
 */
export type Provenance = 'cached' | 'generated' | 'adopted' | 'recovered'

/** What is known of a key without requesting anything. */
export type KeyState = StateOf<
  'ready' | 'missing' | 'uncertain' | 'refused' | 'unusable' | 'newer' | 'corrupt'
>

const UNDER_WAY = ['queued', 'waiting', 'generating', 'receiving', 'retrying'] as const

/** How far a wanted image has come. */
export type ProgressState = StateOf<(typeof UNDER_WAY)[number]>

/** An error as a state; whoever needs the error itself keeps it beside. */
export function failedState(error: Error): StateOf<'failed'> {
  const { message: problem } = error
  return error instanceof ImagegenError
    ? { state: 'failed', problem, code: error.code }
    : { state: 'failed', problem }
}

/** Whether somebody asked for the picture, and it has neither come nor failed. */
export function isUnderWay(status: ImageState | undefined): status is ProgressState {
  return UNDER_WAY.some(name => name === status?.state)
}
