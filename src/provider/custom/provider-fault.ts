import { isRecord } from '../../system/is-record.ts'
import { AttemptError, type AttemptOutcome } from '../attempt-error.ts'
import type { Scrub } from '../scrub.ts'

/** Whose fault it is, for messages. */
export interface FaultContext {
  /** At the start of a sentence: `Provider "acme"`. */
  readonly who: string
  readonly scrub: Scrub
}

const MAYBE_BILLED = 'The picture may have been made and billed.'

/** What a provider threw, as an AttemptError whose message names it. */
export function classifyThrown(thrown: unknown, { who, scrub }: FaultContext): AttemptError {
  if (isAttemptError(thrown)) {
    const { code, outcome, retryable, scope, status, retryAfter } = thrown
    return new AttemptError(scrub(`${who}: ${asSentence(thrown.message)}`), {
      code,
      outcome,
      retryable,
      scope,
      cause: thrown,
      ...(status !== undefined && { status }),
      ...(retryAfter !== undefined && { retryAfter }),
    })
  }
  const words = asSentence(thrown instanceof Error ? thrown.message : String(thrown))
  return new AttemptError(scrub(`${who} failed: ${words} ${MAYBE_BILLED}`), {
    code: 'SERVER',
    outcome: 'uncertain',
    retryable: false,
    cause: thrown,
  })
}

/** What it returned is no picture, and another attempt would bring, and cost, the same. */
export function notPicture(problem: string, { who }: FaultContext): AttemptError {
  return new AttemptError(`${who} ${problem}. ${MAYBE_BILLED}`, {
    code: 'UNREADABLE_ANSWER',
    outcome: 'unusable',
    retryable: false,
  })
}

/** @param limit bytes */
export function pictureTooLarge(limit: number, { who }: FaultContext): AttemptError {
  return new AttemptError(
    `${who} returned a picture larger than \`limits.answerBytes\` (${limit} bytes). It was made and probably billed. Raise the limit before you request it again.`,
    { code: 'ANSWER_TOO_LARGE', outcome: 'unusable', retryable: false },
  )
}

const OUTCOMES: readonly AttemptOutcome[] = ['not-processed', 'uncertain', 'refused', 'unusable']

/** By its form: a configuration file may have loaded this package a second time. */
function isAttemptError(thrown: unknown): thrown is AttemptError {
  return (
    thrown instanceof Error &&
    thrown.name === 'AttemptError' &&
    isRecord(thrown) &&
    OUTCOMES.some(outcome => outcome === thrown.outcome)
  )
}

function asSentence(text: string): string {
  const trimmed = text.trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
