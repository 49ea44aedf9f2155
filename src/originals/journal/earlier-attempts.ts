import * as v from 'valibot'
import type { AnswerFacts } from '../../provider/provider.ts'
import type { JournalAttempt } from './journal-record.ts'

/** The field of an entry's facts that holds the attempts before the one that brought the picture. */
const FIELD = 'earlierAttempts'

const earlierAttempt = v.object({
  requestId: v.string(),
  /** ISO 8601, when it was sent; of an attempt of another machine, when its answer was set aside. */
  time: v.pipe(v.string(), v.isoTimestamp()),
  /** `unknown`: nobody saw how it ended. The others are the journal's. */
  outcome: v.picklist(['not-processed', 'refused', 'uncertain', 'unusable', 'unknown']),
  /** Of the answer. */
  status: v.exactOptional(v.number()),
})

/** An attempt that brought no picture, as the entry of the picture that came later remembers it. */
export type EarlierAttempt = v.InferOutput<typeof earlierAttempt>

/** What an entry's facts say of earlier attempts, oldest first. Pure. */
export function readEarlierAttempts(facts: AnswerFacts): readonly EarlierAttempt[] {
  const listed = facts[FIELD]
  if (!Array.isArray(listed)) return []
  return listed.filter((one): one is EarlierAttempt => v.is(earlierAttempt, one))
}

export interface KnownAttempts {
  /** All of the key that the journal has. */
  readonly attempts: readonly JournalAttempt[]
  /** The record of an earlier answer, which may be another machine's. */
  readonly unusable: { readonly requestId: string; readonly createdAt: string } | undefined
}

/**
 * Facts that remember the attempts before the one that is being committed: the journal is cleared
 * afterwards, and it would have stayed on this machine. Without such attempts the facts are as given. Pure.
 */
export function withEarlierAttempts(
  facts: AnswerFacts,
  committed: Pick<JournalAttempt, 'name' | 'record'>,
  { attempts, unusable }: KnownAttempts,
): AnswerFacts {
  const own = attempts.filter(({ name }) => name !== committed.name).map(describeAttempt)
  const known = new Set([committed.record.requestId, ...own.map(({ requestId }) => requestId)])
  const others =
    unusable && !known.has(unusable.requestId)
      ? [{ requestId: unusable.requestId, time: unusable.createdAt, outcome: 'unusable' as const }]
      : []
  const earlier: readonly EarlierAttempt[] = [...others, ...own]
  return earlier.length === 0 ? facts : { ...facts, [FIELD]: earlier }
}

/** Facts that also remember attempts at a key whose picture no request brought. Pure. */
export function rememberAttempts(
  facts: AnswerFacts,
  attempts: readonly JournalAttempt[],
): AnswerFacts {
  if (attempts.length === 0) return facts
  return { ...facts, [FIELD]: [...readEarlierAttempts(facts), ...attempts.map(describeAttempt)] }
}

function describeAttempt({ record, outcome }: JournalAttempt): EarlierAttempt {
  const { requestId, time } = record
  const status = outcome?.status
  return {
    requestId,
    time,
    outcome: outcome?.outcome ?? 'unknown',
    ...(status !== undefined && { status }),
  }
}
