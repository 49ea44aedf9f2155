import type { Prices } from '../config/prices.ts'
import type { History } from '../originals/history.ts'
import { readEarlierAttempts } from '../originals/journal/earlier-attempts.ts'
import type { JournalAttempt } from '../originals/journal/journal-record.ts'
import type { OriginalEntry } from '../originals/original.ts'
import type { ImageRequest, Key } from '../plan/image-request.ts'
import { costOf } from './cost-of.ts'
import { priceOf } from './price-of.ts'

/** One request that was sent, what became of it, and what it cost. */
export interface AttemptCost {
  /** The keys under which its picture is kept; without one, the key that it was sent for. */
  readonly keys: readonly Key[]
  readonly request: ImageRequest
  readonly requestId: string
  /** ISO 8601. */
  readonly time: string
  /**
   * `kept`: it brought a picture. `discarded`: its answer was no usable picture. `received`: its
   * answer is on disk and no original yet. `doubtful`: it may have been billed, and brought nothing.
   * `free`: it was certainly not billed.
   */
  readonly outcome: 'kept' | 'discarded' | 'received' | 'doubtful' | 'free'
  /** What it cost; of a doubtful one, what it may have. Absent when nothing says so. */
  readonly cost?: number
  /** The manifest of the image that it was for, as the journal knows it. */
  readonly manifest?: string
}

/** What was counted already. */
interface Counting {
  readonly prices: Prices
  readonly costs: AttemptCost[]
  /** By the request ID that brought a picture, its keys: kept or adopted for others, it has the same ID. */
  readonly brought: Map<string, Key[]>
  /** Request IDs of answers without a usable picture. */
  readonly discarded: Set<string>
  /** Attempts without a picture, by request ID and time: several entries may remember the same. */
  readonly remembered: Set<string>
}

/**
 * Every request that a cache directory knows of, each once however many entries share its picture.
 * Pure.
 */
export function attemptCosts(history: History, prices: Prices): readonly AttemptCost[] {
  const counting: Counting = {
    prices,
    costs: [],
    brought: new Map(),
    discarded: new Set(),
    remembered: new Set(),
  }
  // Entries that requests brought, before those that others were made of.
  const [derived, own] = [history.entries.filter(isDerived), history.entries.filter(isOwn)]
  for (const entry of [...own, ...derived]) countEntry(entry, counting)
  const byKey = new Map(history.entries.map(entry => [entry.key, entry.requestId]))
  for (const attempt of history.attempts) {
    const { key, requestId } = attempt.record
    // A crash has left the record of what is an original by now.
    if (byKey.get(key) !== requestId) countJournal(attempt, counting)
  }
  for (const record of history.unusable) {
    if (counting.discarded.has(record.requestId)) continue
    add(counting, {
      ...record,
      keys: [record.key],
      time: record.createdAt,
      outcome: 'discarded',
    })
  }
  return counting.costs
}

function isDerived({ facts }: OriginalEntry): boolean {
  return 'kept' in facts || 'adoptedFrom' in facts
}

function isOwn(entry: OriginalEntry): boolean {
  return !isDerived(entry)
}

/** A picture that no attempt brought was made elsewhere, and cost nothing here. */
function countEntry(entry: OriginalEntry, counting: Counting): void {
  const { key, request, requestId, attempts, createdAt: time, facts } = entry
  const earlier = readEarlierAttempts(facts)
  const keys = counting.brought.get(requestId)
  keys?.push(key)
  if (attempts > 0 && !keys) {
    const own = [key]
    counting.brought.set(requestId, own)
    const cost = costOf(request, facts, counting.prices)
    const known = cost === undefined ? {} : { cost }
    counting.costs.push({ keys: own, request, requestId, time, outcome: 'kept', ...known })
    // Entries of 0.1.0 say how many there were, and nothing else of them.
    const untold = Math.max(0, attempts - 1 - earlier.length)
    for (let index = 0; index < untold; index += 1) {
      add(counting, { keys: [key], request, requestId, time, outcome: 'doubtful' })
    }
  }
  for (const attempt of earlier) {
    if (!remember(counting, attempt)) continue
    add(counting, { keys: [key], request, ...attempt, outcome: outcomeOfEarlier(attempt.outcome) })
  }
}

function countJournal({ record, outcome, answer }: JournalAttempt, counting: Counting): void {
  const { key, request, requestId, time, image } = record
  if (!remember(counting, { requestId, time })) return
  const { manifest } = image
  const own = { keys: [key], request, requestId, time, manifest }
  if (!outcome && answer !== undefined) add(counting, { ...own, outcome: 'received' })
  else add(counting, { ...own, outcome: outcomeOfEarlier(outcome?.outcome ?? 'unknown') })
}

/** False when it is known already. */
function remember(
  { remembered }: Counting,
  { requestId, time }: Pick<AttemptCost, 'requestId' | 'time'>,
): boolean {
  const name = `${requestId} ${time}`
  if (remembered.has(name)) return false
  remembered.add(name)
  return true
}

type EarlierOutcome = ReturnType<typeof readEarlierAttempts>[number]['outcome']

function outcomeOfEarlier(outcome: EarlierOutcome): AttemptCost['outcome'] {
  switch (outcome) {
    case 'unusable':
      return 'discarded'
    case 'uncertain':
    case 'unknown':
      return 'doubtful'
    case 'not-processed':
    case 'refused':
      return 'free'
  }
}

/** An attempt that brought no picture, at its price. */
function add(
  { prices, costs, discarded }: Counting,
  { keys, request, requestId, time, outcome, manifest }: Omit<AttemptCost, 'cost'>,
): void {
  if (outcome === 'discarded') discarded.add(requestId)
  const price = outcome === 'free' ? undefined : priceOf(request, prices)
  costs.push({
    keys,
    request,
    requestId,
    time,
    outcome,
    ...(price !== undefined && { cost: price }),
    ...(manifest !== undefined && { manifest }),
  })
}
