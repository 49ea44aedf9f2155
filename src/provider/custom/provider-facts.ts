import { isRecord } from '../../system/is-record.ts'
import type { AnswerFacts } from '../provider.ts'
import type { FaultContext } from './provider-fault.ts'

export interface FactsContext extends FaultContext {
  /** Milliseconds that facts may take once the picture has come. */
  readonly patience: number
  readonly signal: AbortSignal | undefined
}

const LATE = Symbol('late')

/**
 * What a provider says beside its picture, as JSON. Facts that never come, or are not JSON, are a
 * warning: the picture counts without them. Never rejects.
 */
export async function settleFacts(
  facts: Promise<unknown>,
  context: FactsContext,
): Promise<AnswerFacts> {
  const { who, scrub, patience } = context
  const without = (problem: string): AnswerFacts => ({
    warnings: [scrub(`${who} ${problem}. The picture is kept without them.`)],
  })
  try {
    const settled = await inTime(facts, context)
    if (settled === LATE) {
      return without(`returned no facts within ${patience / 1000} s of its picture`)
    }
    if (settled === undefined || settled === null) return {}
    const kept: unknown = JSON.parse(scrub(JSON.stringify(settled) ?? 'null'))
    return isRecord(kept) ? kept : without('returned facts that are not an object')
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    return without(`returned facts that cannot be stored (${words})`)
  }
}

function inTime(
  facts: Promise<unknown>,
  { patience, signal }: FactsContext,
): Promise<unknown | typeof LATE> {
  return new Promise((resolve, reject) => {
    const late = (): void => resolve(LATE)
    const timer = setTimeout(late, patience)
    if (signal?.aborted) late()
    signal?.addEventListener('abort', late, { once: true })
    facts.then(resolve, reject).finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', late)
    })
  })
}
