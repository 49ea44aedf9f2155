import { describe, expect, test } from 'vitest'
import type { Prices } from '../../src/config/prices.ts'
import { resolveOptions } from '../../src/config/resolve-options.ts'
import { costOf } from '../../src/cost/cost-of.ts'
import { priceOf } from '../../src/cost/price-of.ts'
import { sumAmounts } from '../../src/cost/sum-amounts.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import { formatAmount } from '../../src/text/format-amount.ts'

const PRICES: Prices = {
  '1024x1024': 0.04,
  auto: { low: 0.01, auto: 0.05 },
  'by-size': { '1536x1024': 0.06, '1024x1024': { low: 0.011, auto: 0.042, high: 0.167 } },
  'by-token': { input: 5, output: 40, estimate: 0.05 },
  'without-estimate': { input: 5, output: 40 },
}

function request(model: string, size: string, quality?: string) {
  return { model, size, params: quality === undefined ? {} : { quality } }
}

test.each([
  ['of any model, by size', request('other', '1024x1024'), 0.04],
  ['of any model, by quality', request('other', 'auto', 'low'), 0.01],
  ['of any model, without a quality', request('other', 'auto'), 0.05],
  ['of a size without a price', request('other', '640x640'), undefined],
  ['of a model, by size', request('by-size', '1536x1024', 'high'), 0.06],
  ['of a model, by quality', request('by-size', '1024x1024', 'high'), 0.167],
  ['of a model, without a quality', request('by-size', '1024x1024'), 0.042],
  ['of a quality without a price, as of any model', request('by-size', '1024x1024', 'odd'), 0.04],
  ['of tokens, as estimated', request('by-token', '1024x1024'), 0.05],
  ['of tokens without an estimate', request('without-estimate', '1024x1024'), undefined],
  ['of a model called like a member of every object', request('constructor', '1x1'), undefined],
])('the price %s', (_, wanted, price) => {
  expect(priceOf(wanted, PRICES)).toBe(price)
})

test.each([
  ['as the gateway says', { usage: { cost: 0.02, output_tokens: 1_000_000 } }, 0.02],
  ['as a header says', { usage: { cost: '0.02' } }, 0.02],
  ['of its tokens', { usage: { input_tokens: 50, output_tokens: 1_000 } }, 0.04025],
  ['of tokens as an SDK names them', { usage: { inputTokens: 50, outputTokens: 1_000 } }, 0.04025],
  ['as estimated, without tokens', { usage: { total_tokens: 7 } }, 0.05],
  [
    'as estimated, of odd usage',
    { usage: { cost: '', output_tokens: 'many', input_tokens: -1 } },
    0.05,
  ],
  ['as estimated, without usage', {}, 0.05],
])('the cost of an answer, %s', (_, facts, cost) => {
  expect(costOf(request('by-token', '1024x1024'), facts, PRICES)).toBe(cost)
})

test('a gateway that says what an answer cost needs no price', () => {
  expect(costOf(request('x', 'auto'), { usage: { cost: 0.1 } }, {})).toBe(0.1)
  expect(costOf(request('x', 'auto'), { usage: { output_tokens: 1 } }, {})).toBeUndefined()
})

test('amounts add up and are shown in the digits of their currency', () => {
  expect(sumAmounts([0.1, 0.2])).toBe(0.3)
  expect(formatAmount(0.3, 'USD')).toBe('0.30 USD')
  expect(formatAmount(0.04025, 'EUR')).toBe('0.04025 EUR')
  expect(formatAmount(1200, 'JPY')).toBe('1200 JPY')
})

describe('prices that are refused', () => {
  const resolve = (prices: unknown) =>
    resolveOptions(
      { budget: { prices: prices as Prices } },
      { readVariable: () => undefined, presets: PRESETS, root: '/' },
    )

  test.each([
    [
      { '1024x1024': -1 },
      'Option `budget.prices.1024x1024` must be a number from 0 on, but it is -1.',
    ],
    [
      { '1024x1024': Number.NaN },
      '`budget.prices.1024x1024` must be a number from 0 on, but it is NaN.',
    ],
    [
      { '1024x1024': '0.04' },
      '`budget.prices.1024x1024` must be a number from 0 on, but it is "0.04".',
    ],
    [
      { m: { auto: { high: Number.POSITIVE_INFINITY } } },
      '`budget.prices.m.auto.high` must be a number from 0 on, but it is Infinity.',
    ],
    [
      { '1024×1024': 0.04 },
      '`budget.prices.1024×1024` must be a size such as 1024x1024 or the prices of a model.',
    ],
    [{ 'gpt-image-2': 0.04 }, "or `{ 'gpt-image-2': { '1024x1024': 0.04 } }` for a model."],
    [
      { m: { input: 5, ouput: 40 } },
      '`budget.prices.m.ouput` does not exist. Did you mean `output`?',
    ],
    [{ m: { input: 5, estimate: 1 } }, '`budget.prices.m.output` is missing.'],
    [
      { m: { input: 5, output: 40, '1024x1024': 1 } },
      '`budget.prices.m.1024x1024` is the price of a size beside prices of tokens.',
    ],
    [
      { m: { large: 1 } },
      '`budget.prices.m.large` must be a size such as 1024x1024, `auto`, or one of',
    ],
    [[1], 'Option `budget.prices` must be an object, but it is a list.'],
  ])('%o', (prices, message) => {
    expect(() => resolve(prices)).toThrowError(message)
    expect(() => resolve(prices)).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  test.each(['Dollar', 'usd', 'XYZ', ''])('currency %o', currency => {
    const open = () =>
      resolveOptions(
        { budget: { currency } },
        { readVariable: () => undefined, presets: PRESETS, root: '/' },
      )
    expect(open).toThrowError(
      `Option \`budget.currency\` must be an ISO 4217 currency code such as USD or EUR, but it is ${JSON.stringify(currency)}.`,
    )
  })

  test('a price of a model that nothing uses is none of them', () => {
    expect(resolve(PRICES).budget.prices).toEqual(PRICES)
  })
})
