import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planRetry, type RetryPolicy } from '../../src/originals/acquisition/pacing/retry-timing.ts'

const policy: RetryPolicy = {
  delays: [3_000, 8_000, 15_000],
  maxDelay: 120_000,
  uncertain: 'retry',
}
const transient = { retryable: true, outcome: 'not-processed', retryAfter: undefined } as const

test('waits 3, 8 and 15 seconds, and gives up after the fourth attempt', () => {
  const plans = [1, 2, 3, 4].map(attempt => planRetry(transient, attempt, policy, 0))
  expect(plans).toEqual([
    { action: 'wait', delay: 3_000 },
    { action: 'wait', delay: 8_000 },
    { action: 'wait', delay: 15_000 },
    { action: 'give-up', why: 'attempts-used' },
  ])
})

test('waits as long as the server asks, but not for ever', () => {
  const asking = (retryAfter: number) => planRetry({ ...transient, retryAfter }, 1, policy, 0)
  expect(asking(1_000)).toEqual({ action: 'wait', delay: 3_000 })
  expect(asking(51_840)).toEqual({ action: 'wait', delay: 51_840 })
  expect(asking(120_001)).toEqual({ action: 'give-up', why: 'wait-too-long' })
})

test('never asks again what was refused', () => {
  const refused = { retryable: true, outcome: 'refused', retryAfter: undefined } as const
  expect(planRetry(refused, 1, policy, 0)).toEqual({ action: 'give-up', why: 'not-retryable' })
})

test('stops at the first uncertain attempt when told to', () => {
  const uncertain = { retryable: true, outcome: 'uncertain', retryAfter: undefined } as const
  expect(planRetry(uncertain, 1, policy, 0)).toMatchObject({ action: 'wait' })
  const stop = { ...policy, uncertain: 'stop' } as const
  expect(planRetry(uncertain, 1, stop, 0)).toEqual({ action: 'give-up', why: 'uncertain' })
  expect(planRetry(transient, 1, stop, 0)).toMatchObject({ action: 'wait' })
})

test('every wait lies between what is asked for and a quarter more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(60_000), { maxLength: 6 }),
      fc.nat(200_000),
      fc.option(fc.nat(300_000), { nil: undefined }),
      fc.integer({ min: 1, max: 8 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (delays, maxDelay, retryAfter, attempt, random) => {
        const plan = planRetry(
          { retryable: true, outcome: 'not-processed', retryAfter },
          attempt,
          { delays, maxDelay, uncertain: 'retry' },
          random,
        )
        if ((retryAfter ?? 0) > maxDelay) {
          expect(plan).toEqual({ action: 'give-up', why: 'wait-too-long' })
        } else if (attempt > delays.length) {
          expect(plan).toEqual({ action: 'give-up', why: 'attempts-used' })
        } else {
          const least = Math.max(delays[attempt - 1] ?? 0, retryAfter ?? 0)
          const delay = plan.action === 'wait' ? plan.delay : Number.NaN
          expect(delay).toBeGreaterThanOrEqual(least)
          expect(delay).toBeLessThanOrEqual(Math.ceil(least * 1.25))
        }
      },
    ),
  )
})
