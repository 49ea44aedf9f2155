import { isRecord } from '../system/is-record.ts'
import { nearest } from '../text/suggest.ts'

/** Of one picture, by the quality that a request asks for in `params`; `auto` when it asks for none. */
export type QualityPrices = Readonly<Record<string, number>>

/** Of one picture, by the size that a request asks for. */
export type SizePrices = Readonly<Record<string, number | QualityPrices>>

/** Of a million tokens. */
export interface TokenPrices {
  readonly input: number
  readonly output: number
  /** What one picture is expected to cost, until its answer says how many tokens it took. */
  readonly estimate?: number
}

/** By model; a size beside the models holds for every model that has no price of its own. */
export type Prices = Readonly<Record<string, number | SizePrices | TokenPrices>>

/** What is wrong at one place of the prices. */
export interface PriceFault {
  /** Below the prices. */
  readonly path: readonly string[]
  /** The end of a sentence whose subject is that place. */
  readonly problem: string
}

const TOKEN_FIELDS: readonly string[] = ['input', 'output', 'estimate']

/** Whether a key of the prices is a size, and not the name of a model. */
export function isSizeKey(key: string): boolean {
  return /^(?:auto|[1-9]\d*x[1-9]\d*)$/.test(key)
}

export function isTokenPrices(prices: SizePrices | TokenPrices): prices is TokenPrices {
  return TOKEN_FIELDS.some(field => Object.hasOwn(prices, field))
}

/** Every fault of the prices: a key that is neither size nor model, or what is no amount. Pure. */
export function findPriceFaults(prices: Readonly<Record<string, unknown>>): readonly PriceFault[] {
  return Object.entries(prices).flatMap(([key, value]) => {
    if (isSizeKey(key)) return checkSize([key], value)
    if (isRecord(value)) return checkModel(key, value)
    return [
      {
        path: [key],
        problem: `must be a size such as 1024x1024 or the prices of a model. Write a size in pixels or \`auto\`, or \`{ '${key}': { '1024x1024': 0.04 } }\` for a model.`,
      },
    ]
  })
}

function checkModel(
  model: string,
  prices: Readonly<Record<string, unknown>>,
): readonly PriceFault[] {
  const hasTokens = TOKEN_FIELDS.some(field => Object.hasOwn(prices, field))
  const faults = Object.entries(prices).flatMap(([key, value]) => {
    const path = [model, key]
    if (hasTokens && TOKEN_FIELDS.includes(key)) return checkAmount(path, value)
    if (!hasTokens && isSizeKey(key)) return checkSize(path, value)
    return [{ path, problem: describeOddKey(key, hasTokens) }]
  })
  const lacking = hasTokens ? ['input', 'output'].filter(key => !Object.hasOwn(prices, key)) : []
  return [
    ...faults,
    ...lacking.map(key => ({
      path: [model, key],
      problem: 'is missing. Write token prices as `{ input, output, estimate }`.',
    })),
  ]
}

function describeOddKey(key: string, hasTokens: boolean): string {
  if (hasTokens && isSizeKey(key)) {
    return 'is the price of a size beside prices of tokens. Use one kind per model.'
  }
  const field = nearest(key, TOKEN_FIELDS)
  if (field !== undefined) return `does not exist. Did you mean \`${field}\`?`
  return 'must be a size such as 1024x1024, `auto`, or one of `input`, `output` and `estimate`.'
}

function checkSize(path: readonly string[], value: unknown): readonly PriceFault[] {
  if (!isRecord(value)) return checkAmount(path, value)
  return Object.entries(value).flatMap(([quality, amount]) =>
    checkAmount([...path, quality], amount),
  )
}

function checkAmount(path: readonly string[], value: unknown): readonly PriceFault[] {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return []
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)
  const is = Array.isArray(value) ? 'a list' : isRecord(value) ? 'an object' : shown
  return [{ path, problem: `must be a number from 0 on, but it is ${is}.` }]
}
