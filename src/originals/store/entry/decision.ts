import { isKey, type Key } from '../../../plan/image-request.ts'
import type { AnswerFacts } from '../../../provider/provider.ts'
import { isRecord } from '../../../system/is-record.ts'
import type { OriginalEntry } from '../../original.ts'

/** A picture that somebody decided on, as its entry's facts say; no request of its key brought it. */
export type Decision =
  /** It stays from an earlier request, whose key this is. */
  { readonly kind: 'kept'; readonly from: Key } | ({ readonly kind: 'adopted' } & Adoption)

/** Where a picture came from that was made elsewhere. */
export interface Adoption {
  /** Name of the file, without folders. */
  readonly file: string
  /** True: its renditions say that a model made it. */
  readonly ai: boolean
  /** The revision that the manifest named before; set when the adoption wrote another one. */
  readonly replaces?: number
}

export type DecisionKind = Decision['kind']

/** Names in an entry's facts that no answer of an API may use. */
const RESERVED: readonly string[] = ['kept', 'adopted'] satisfies readonly DecisionKind[]

/** How an entry came about without a request of its own key; undefined when one brought it. Pure. */
export function decisionOf({ key, attempts, facts }: OriginalEntry): Decision | undefined {
  const { kept } = facts
  if (isRecord(kept) && typeof kept.from === 'string' && isKey(kept.from) && kept.from !== key) {
    return { kind: 'kept', from: kept.from }
  }
  const adoption = adoptionOf({ attempts, facts })
  return adoption && { kind: 'adopted', ...adoption }
}

/** Where the picture of an entry was made, if elsewhere; a picture that was kept afterwards still says so. Pure. */
export function adoptionOf({
  attempts,
  facts: { adopted },
}: Pick<OriginalEntry, 'attempts' | 'facts'>): Adoption | undefined {
  if (attempts > 0 || !isRecord(adopted) || typeof adopted.file !== 'string') return undefined
  const { file, ai, replaces } = adopted
  return { file, ai: ai === true, ...(typeof replaces === 'number' && { replaces }) }
}

/** What an API said, without the names by which entries tell decisions: those get a prefix. Pure. */
export function answerFacts(facts: AnswerFacts): AnswerFacts {
  if (!RESERVED.some(name => name in facts)) return facts
  const renamed = Object.entries(facts).map(([name, fact]) => [
    RESERVED.includes(name) ? `answer.${name}` : name,
    fact,
  ])
  return Object.fromEntries(renamed)
}
