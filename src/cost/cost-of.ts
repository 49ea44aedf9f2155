import { isTokenPrices, type Prices } from '../config/prices.ts'
import type { AnswerFacts } from '../provider/provider.ts'
import { isRecord } from '../system/is-record.ts'
import { modelPrices, type PricedRequest, priceOf } from './price-of.ts'
import { roundAmount } from './sum-amounts.ts'

const MILLION = 1_000_000

/**
 * What an answer cost: what the gateway itself says, else its tokens at their prices, else the price
 * of the picture. Undefined when nothing says so. Pure.
 */
export function costOf(
  request: PricedRequest,
  facts: AnswerFacts,
  prices: Prices,
): number | undefined {
  const usage = isRecord(facts.usage) ? facts.usage : {}
  return amountOf(usage.cost) ?? tokenCost(request, usage, prices) ?? priceOf(request, prices)
}

function tokenCost(
  { model }: PricedRequest,
  usage: Readonly<Record<string, unknown>>,
  prices: Prices,
): number | undefined {
  const own = modelPrices(model, prices)
  if (!own || !isTokenPrices(own)) return undefined
  const input = amountOf(usage.input_tokens ?? usage.inputTokens)
  const output = amountOf(usage.output_tokens ?? usage.outputTokens)
  if (output === undefined) return undefined
  return roundAmount(((input ?? 0) * own.input + output * own.output) / MILLION)
}

/** Headers say numbers in text. */
function amountOf(given: unknown): number | undefined {
  const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}
