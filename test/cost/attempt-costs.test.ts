import { expect, test } from 'vitest'
import { attemptCosts } from '../../src/cost/attempt-costs.ts'
import { sumAttempts, sumAttemptsBy } from '../../src/cost/sum-attempts.ts'
import { sampleEntry } from '../originals/sample-original.ts'

const entry = sampleEntry('A pier', 'bytes')
const { key, request, requestId } = entry

function attempt(id: string, time: string) {
  const image = { manifest: 'a.image.yaml', name: 'pier' }
  return {
    name: id,
    record: { version: 1 as const, key, requestId: id, attempt: 1, image, request, time },
  }
}

test('a journal that a crash has left beside an entry counts once', () => {
  const leftover = attempt(requestId, '2026-01-02T03:04:00Z')
  const beside = attempt('of another machine', '2026-01-02T03:04:01Z')
  const costs = attemptCosts({ entries: [entry], attempts: [leftover, beside], unusable: [] }, {})
  expect(costs.map(({ outcome }) => outcome)).toEqual(['kept', 'doubtful'])
})

test('an answer on disk that is no original yet has come', () => {
  const answered = { ...attempt('a', '2026-01-02T03:04:00Z'), answer: '/a.answer' }
  const prices = { '1024x1024': 0.04 }
  const costs = attemptCosts({ entries: [], attempts: [answered], unusable: [] }, prices)
  expect(sumAttempts(costs)).toMatchObject({ asked: 1, answered: 1, kept: 0, spent: 0.04 })
})

test('rows stand in the order of their names, what has none at the end', () => {
  const attempts = ['b', undefined, 'a', 'b'].map((manifest, index) => ({
    keys: [key],
    request,
    requestId: String(index),
    time: '2026-01-02T03:04:00Z',
    outcome: 'kept' as const,
    ...(manifest !== undefined && { manifest }),
  }))
  const rows = sumAttemptsBy(attempts, ({ manifest }) => manifest)
  expect([...rows].map(([name, { asked }]) => [name, asked])).toEqual([
    ['a', 1],
    ['b', 2],
    [undefined, 1],
  ])
})
