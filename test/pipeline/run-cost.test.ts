import { describe, expect, test } from 'vitest'
import { RunError } from '../../src/api.ts'
import { describeRunCost } from '../../src/cost/describe-run-cost.ts'
import { createProject, failureOf, open, startApi } from '../support/project.ts'

const SITE = `defaults: { size: 1024x1024 }
images:
  hero: { prompt: A lighthouse }
  pier: { prompt: A pier, model: other }
`
const PRICES = { 'gpt-image-2': { input: 5, output: 40, estimate: 0.05 }, '1024x1024': 0.02 }

test('a run tells what its answers cost, by tokens, by size, and by what the gateway says', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi({ models: ['gpt-image-2', 'other'] })
  const { pipeline } = await open(project, api.url, { budget: { prices: PRICES, currency: 'EUR' } })
  const { cost, images } = await pipeline.generate()
  // 50 tokens at 5 and 950 at 40 a million, and 0.02.
  expect(cost).toEqual({ currency: 'EUR', spent: 0.05825, possiblyWasted: 0, unpriced: 0 })
  expect(images.map(({ expenses }) => expenses.spent)).toEqual([0.03825, 0.02])
  expect((await pipeline.generate()).cost).toBeUndefined()

  api.failNext({ usage: { cost: 0.5 } })
  const hero = { images: [{ manifest: 's.image.yaml', name: 'hero' }], revision: 2 }
  expect((await pipeline.generate(hero)).cost?.spent).toBe(0.5)
})

test('what may have been billed without a picture is told apart', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi({ models: ['gpt-image-2', 'other'] })
  const { pipeline } = await open(project, api.url, { budget: { prices: PRICES } })
  api.failWhen('lighthouse', { drop: true }, 1)
  api.failWhen('pier', { status: 429 }, 1)
  const { cost } = await pipeline.generate()
  expect(cost).toEqual({ currency: 'USD', spent: 0.05825, possiblyWasted: 0.05, unpriced: 0 })
})

test('an answer without a picture was billed for nothing', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi({ models: ['gpt-image-2', 'other'] })
  const { pipeline } = await open(project, api.url, { budget: { prices: PRICES } })
  api.failWhen('pier', { body: '<html>Sign in</html>' })
  const error = await failureOf(pipeline.generate())
  const cost = error instanceof RunError ? error.report.cost : undefined
  expect(cost).toEqual({ currency: 'USD', spent: 0.03825, possiblyWasted: 0.02, unpriced: 0 })
})

test('where nothing says what anything costs, a run says nothing of it', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi({ models: ['gpt-image-2', 'other'] })
  const { pipeline } = await open(project, api.url)
  api.failWhen('lighthouse', { drop: true }, 1)
  expect((await pipeline.generate()).cost).toBeUndefined()
})

test('callers that share an answer share no cost', async () => {
  const site = 'images: { a: { prompt: One }, b: { prompt: One } }\n'
  const project = await createProject({ 's.image.yaml': site })
  const api = await startApi({ models: ['gpt-image-2', 'other'] })
  const { pipeline } = await open(project, api.url, { budget: { prices: PRICES } })
  expect((await pipeline.generate()).cost).toMatchObject({ spent: 0.03825, possiblyWasted: 0 })
  expect(api.count).toBe(1)
})

describe('in words', () => {
  test.each([
    [{ spent: 0.08, possiblyWasted: 0, unpriced: 0 }, 'Spent 0.08 USD.'],
    [
      { spent: 0.08, possiblyWasted: 0.04, unpriced: 1 },
      'Spent 0.08 USD. Up to 0.04 USD more may have been billed without a picture. 1 attempt has no price.',
    ],
    [
      { spent: 0, possiblyWasted: 0.04, unpriced: 2 },
      'Up to 0.04 USD may have been billed without a picture. 2 attempts have no price.',
    ],
    [{ spent: 0, possiblyWasted: 0, unpriced: 2 }, '2 attempts have no price.'],
  ])('%o', (expenses, words) => {
    expect(describeRunCost({ ...expenses, currency: 'USD' })).toBe(words)
  })
})
