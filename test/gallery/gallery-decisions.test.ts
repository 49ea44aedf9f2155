import { describe, expect, test } from 'vitest'
import type { GalleryData } from '../../src/gallery/data/gallery-data.ts'
import {
  describeCost,
  planAlternatives,
  planMissing,
  planOffers,
} from '../../src/gallery/page/actions/offers.ts'
import {
  countFacet,
  countLabels,
  matches,
} from '../../src/gallery/page/state/filter/gallery-filter.ts'
import { formatAge, formatElapsed, formatSize } from '../../src/gallery/page/state/format.ts'
import { applyUpdate } from '../../src/gallery/page/state/gallery-state.ts'
import { formatRoute, parseRoute } from '../../src/gallery/page/state/route.ts'
import { describeState, labelOf } from '../../src/gallery/page/state/state-words.ts'
import { parseGalleryAction } from '../../src/gallery/server/gallery-action.ts'
import type { ImageState } from '../../src/plan/image-state.ts'
import { formatBytes } from '../../src/text/format-bytes.ts'
import { sampleImage } from './sample-gallery.ts'

const hero = sampleImage('hero', 2)
const og = sampleImage('og', 5, { status: { state: 'failed', problem: 'No.' } })
const data: GalleryData = {
  version: 3,
  project: 'site',
  createdAt: '2026-11-01T00:00:00Z',
  mode: 'generate',
  budget: { spent: 98, limit: 100 },
  actions: { token: 't' },
  images: [hero, og],
  faults: [],
}

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [999_600, '1.0 MB'],
  [26_214, '26 kB'],
  [1_240_000, '1.2 MB'],
])('%d bytes are written %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [10, 'just now'],
  [60, '1 minute ago'],
  [3 * 86_400, '3 days ago'],
  [10 * 86_400, '1 week ago'],
  [400 * 86_400, '1 year ago'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatAge(0, seconds * 1000)).toBe(text)
})

test('durations and sizes are written as people write them', () => {
  expect([formatElapsed(65_000), formatElapsed(3_725_000)]).toEqual(['1:05', '1:02:05'])
  expect([formatSize('1536x1024'), formatSize('auto')]).toEqual(['1536 × 1024', 'auto'])
})

test('an address survives being written and read', () => {
  const route = {
    text: 'a b&c',
    label: 'failed',
    manifest: 'ä/x.image.yaml',
    image: 'x#y',
  } as const
  expect(parseRoute(formatRoute(route))).toEqual(route)
  expect(parseRoute('#state=nonsense')).toEqual({})
})

test('every word of a search must be found, and counts follow the other filters', () => {
  expect(matches(hero, { text: 'SITE picture hero' })).toBe(true)
  expect(matches(hero, { text: 'hero zebra' })).toBe(false)
  const filter = { text: 'og', label: 'missing' } as const
  expect([...countLabels(data.images, filter)]).toEqual([['failed', 1]])
  expect([...countFacet('manifest', data.images, filter)]).toEqual([['src/site.image.yaml', 0]])
})

test('an update replaces, adds and removes images, in the order of the manifest', () => {
  const added = sampleImage('first', 1)
  const updated = applyUpdate(data, {
    images: [added, { ...hero, prompt: 'new' }],
    removed: [og.id],
  })
  expect(updated.images.map(({ id, prompt }) => [id.name, prompt])).toEqual([
    ['first', 'A picture of first'],
    ['hero', 'new'],
  ])
})

describe('what can be done', () => {
  test('says what it costs and what is left', () => {
    const [offer] = planOffers(hero, data)
    expect(offer && describeCost(offer, data)).toBe(
      'This generates 1 picture. 98 of 100 of the budget are used.',
    )
  })

  test('counts what an image is made from and what is not there either, each once', () => {
    const refersTo = (...names: string[]) => ({
      references: names.map(name => ({ label: name, image: { ...hero.id, name } })),
    })
    const night = sampleImage('night', 7, refersTo('hero', 'og'))
    const storm = sampleImage('storm', 8, refersTo('night', 'hero', 'done'))
    const done = sampleImage('done', 9, {
      ...refersTo('og'),
      status: { state: 'ready', where: 'local' },
    })
    const all = { ...data, images: [hero, og, night, storm, done] }
    const [offer] = planOffers(storm, all)
    expect(offer).toMatchObject({
      requests: 4,
      blocked: expect.stringContaining('only 2 pictures'),
    })
    expect(offer && describeCost(offer, { ...all, budget: { spent: 0, limit: 9 } })).toBe(
      'This generates 4 pictures, night, hero and og among them. 0 of 9 of the budget are used.',
    )
    expect(planMissing([hero, night, storm], all)?.requests).toBe(4)
  })

  test('is also to keep an earlier picture, which no budget and no key has to allow', () => {
    const keep = { because: ['model'], createdAt: '2026-11-01T00:00:00Z' } as const
    const image = sampleImage('hero', 2, { keep })
    const broke: GalleryData = {
      ...data,
      budget: { spent: 100, limit: 100 },
      actions: { token: 't', refusal: 'No key.' },
    }
    const offers = planOffers(image, broke)
    expect(offers.map(({ label }) => label)).toEqual(['Generate', 'Keep this picture'])
    expect(offers[1]).toMatchObject({
      actions: [{ action: 'keep', image: image.id }],
      requests: 0,
    })
    expect(offers[1]).not.toHaveProperty('blocked')
    expect(parseGalleryAction({ token: 't', image: image.id, action: 'keep' })).toBeDefined()
  })

  test('is blocked beyond the budget', () => {
    expect(planAlternatives(hero, data, 2).blocked).toBeUndefined()
    expect(planAlternatives(hero, data, 3).blocked).toContain('only 2 pictures left')
  })

  test('says what it is expected to cost, and is blocked beyond what may be spent', () => {
    const price = { amount: 0.04, currency: 'USD' }
    const dear = { ...hero, price }
    const night = sampleImage('night', 7, {
      price: { ...price, amount: 0.1 },
      references: [{ label: 'hero', image: hero.id }],
    })
    const all = { ...data, images: [dear, night], budget: { spent: 0, limit: 100 } }
    const [offer] = planOffers(night, all)
    expect(offer && describeCost(offer, all)).toBe(
      'This generates 2 pictures, hero among them, for about 0.14 USD. 0 of 100 of the budget are used.',
    )
    expect(planAlternatives(dear, all, 3).cost).toEqual({ ...price, amount: 0.12 })
    expect(planMissing([dear, night], all)?.cost).toEqual({ ...price, amount: 0.14 })
    const bounded = (spent: number) => ({
      ...all,
      budget: { ...all.budget, spend: { spent, limit: 0.2, currency: 'USD' } },
    })
    expect(planAlternatives(dear, bounded(0.08), 3).blocked).toBeUndefined()
    expect(planAlternatives(dear, bounded(0.1), 3).blocked).toBe(
      'The budget for 60 minutes has only 0.10 USD left. Wait, or raise budget.spend.',
    )
    expect(planAlternatives(hero, bounded(0), 1).blocked).toContain('budget.prices')
  })

  test('is nothing in an export, and for all that is missing at once only when that is several', () => {
    const { actions: _, ...exported } = data
    expect(planOffers(hero, exported)).toEqual([])
    expect(planMissing([hero, og], data)).toBeUndefined()
    expect(planMissing([hero, sampleImage('b', 9)], data)?.requests).toBe(2)
  })
})

test('a posted action is read strictly', () => {
  const image = { manifest: 'site.image.yaml', name: 'hero' }
  const action = { token: 't', image, action: 'alternatives', count: 2 }
  expect(parseGalleryAction(action)).toEqual(action)
  for (const wrong of [
    null,
    {},
    { ...action, count: 9 },
    { ...action, count: '2' },
    { ...action, action: 'delete' },
    { ...action, further: true },
    { ...action, image: 'hero' },
    { token: 't', image, action: 'use', revision: 1.5 },
  ]) {
    expect(parseGalleryAction(wrong)).toBeUndefined()
  }
})

test.each<[ImageState, label: string, words: string]>([
  [{ state: 'blocked', by: [hero.id] }, 'missing', 'Waits for hero.'],
  [{ state: 'held', problem: 'No key.' }, 'missing', 'No key.'],
  [{ state: 'queued', after: [hero.id, og.id] }, 'waiting', 'Waits for hero and og.'],
  [{ state: 'waiting', holder: 'ci (1234)' }, 'waiting', 'ci (1234) is generating it'],
  [{ state: 'generating', attempt: 2, requestId: 'r' }, 'generating', 'Attempt 2'],
  [
    { state: 'receiving', attempt: 3, bytes: 1_200_000 },
    'generating',
    'Attempt 3: 1.2 MB received',
  ],
  [
    { state: 'retrying', attempt: 2, delay: 2_600, problem: '503.' },
    'generating',
    'again in 3 s: 503.',
  ],
  [{ state: 'refused', problem: 'Not this one.' }, 'failed', 'Not this one.'],
  [{ state: 'unusable', problem: 'No picture.' }, 'failed', 'No picture.'],
  [{ state: 'newer', problem: 'Update.' }, 'failed', 'Update.'],
])('%j is shown as %s: %s', (status, label, words) => {
  expect(labelOf(status)).toBe(label)
  expect(describeState({ ...hero, status })).toBe(words)
})
