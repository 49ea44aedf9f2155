import { expect, test } from 'vitest'
import { createProject, failureOf, open, startApi } from '../support/project.ts'

const SITE = `defaults: { size: 1024x1024 }
images:
  hero: { prompt: A lighthouse }
  pier: { prompt: A pier, size: 1536x1024 }
`
const PRICES = { '1024x1024': 0.04, '1536x1024': 0.06 }

test('a run that would cost more than may be spent fails before its first request', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const budget = { prices: PRICES, spend: 0.09, currency: 'EUR' }
  const { pipeline } = await open(project, api.url, { budget })
  const { message } = await failureOf(pipeline.generate())
  expect(message).toContain('This run would cost 0.10 EUR, but `budget.spend` allows 0.09 EUR')
  expect(message).toContain('Run `imagegen generate --spend 0.1`')
  await expect(pipeline.generate({ spend: 0.05 })).rejects.toThrow('--spend allows 0.05 EUR')
  expect(api.count).toBe(0)
  await pipeline.generate({ spend: 0.1 })
  expect(api.count).toBe(2)
  expect((await pipeline.budget()).spend).toEqual({ used: 0.1, limit: 0.09, currency: 'EUR' })
})

test('what an answer cost replaces what was expected, and a refused request costs nothing', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: { prices: PRICES, spend: 1 } })
  api.failWhen('lighthouse', { usage: { cost: 0.5 } })
  api.failWhen('pier', { status: 400, body: { error: { message: 'No piers.' } } })
  await failureOf(pipeline.generate())
  expect((await pipeline.budget()).spend?.used).toBe(0.5)
})

test('an attempt that may have been billed counts with its price', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const { pipeline } = await open(project, api.url, { budget: { prices: PRICES, spend: 0.13 } })
  api.failWhen('lighthouse', { drop: true })
  const error = await failureOf(pipeline.generate())
  expect(error.message).toContain('have used up `budget.spend` (0.13 USD)')
  expect((await pipeline.budget()).spend?.used).toBe(0.1)
  expect(api.count).toBe(2)
})

test.each([
  ['of a size', { '1024x1024': 0.04 }, "Set `budget.prices['gpt-image-2']`: a price of 1536x1024"],
  [
    'of tokens without an estimate',
    { 'gpt-image-2': { input: 5, output: 40 } },
    'or an `estimate` beside the prices of its tokens.',
  ],
  ['of a mistyped model', { 'gpt-image2': PRICES }, 'Did you write `gpt-image2` for it?'],
])(
  'an image without a price is an error before anything is sent: a price %s',
  async (_, prices, words) => {
    const project = await createProject({ 's.image.yaml': SITE })
    const api = await startApi()
    const { pipeline } = await open(project, api.url, { budget: { prices, spend: 5 } })
    const { message } = await failureOf(pipeline.generate())
    expect(message).toMatch(
      /^`budget.spend` is set, so every image needs a price, but (?:1 image has|2 images have) none\. Nothing was requested:\n/,
    )
    expect(message).toMatch(/s\.image\.yaml:4:3 pier/)
    expect(message).toContain(words)
    expect(api.count).toBe(0)
  },
)

test('several pipelines on one cache share what may be spent', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  const budget = { prices: PRICES, spend: 0.11 }
  const hero = { images: [{ manifest: 's.image.yaml', name: 'hero' }] }
  const first = await open(project, api.url, { budget })
  const second = await open(project, api.url, { budget })
  await first.pipeline.generate()
  await expect(second.pipeline.generate({ ...hero, revision: 2 })).rejects.toThrow(
    'and 0.01 USD of that is left',
  )
  expect(api.count).toBe(2)
})
