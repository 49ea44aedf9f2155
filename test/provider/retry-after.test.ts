import { expect, it } from 'vitest'
import { parseRetryAfter, parseWaitInText } from '../../src/provider/connection/retry-after.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

it.each([
  [{}, undefined],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': ' 12 ' }, 12_000],
  [{ 'retry-after': '0.25' }, 250],
  [{ 'retry-after': ['3', '9'] }, 3_000],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after': '1e3' }, undefined],
  [{ 'retry-after': 'tomorrow' }, undefined],
  [{ 'retry-after': '2026' }, 2_026_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Sat, 21 Nov 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': 'Sat, 99 Foo' }, undefined],
  [{ 'retry-after-ms': '80', 'retry-after': '1' }, 80],
  [{ 'retry-after-ms': 'x', 'retry-after': '1' }, 1_000],
])('%j', (headers, expected) => {
  expect(parseRetryAfter(headers, now)).toBe(expected)
})

it.each([
  ['Please try again in 51.84s. Contact us', 51_840],
  ['try again after 51.84 seconds', 51_840],
  ['Try again in 20ms.', 20],
  ['retry after 1 second', 1_000],
  ['Please try again in 1m30s', 90_000],
  ['try again in 6m0s', 360_000],
  ['try again in 2 minutes', 120_000],
  ['try again later', undefined],
  ['You made 30 requests', undefined],
])('%s', (text, expected) => {
  expect(parseWaitInText(text)).toBe(expected)
})
