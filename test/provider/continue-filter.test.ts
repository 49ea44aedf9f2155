import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createContinueFilter } from '../../src/provider/connection/continue-filter.ts'

const CONTINUE = 'HTTP/1.1 100 Continue\r\nserver: old\r\n\r\n'
const PROCESSING = 'HTTP/1.1 102 Processing\r\n\r\n'
const ANSWER = `HTTP/1.1 200 OK\r\n\r\n${CONTINUE}`

function filtered(text: string, lengths: readonly number[]): string {
  const filter = createContinueFilter()
  const bytes = Buffer.from(text, 'latin1')
  let out = ''
  let at = 0
  for (const length of [...lengths, bytes.length]) {
    const chunk = Buffer.from(bytes.subarray(at, at + length))
    at += length
    out += filter(chunk).toString('latin1')
    // As a buffer that is used again.
    chunk.fill(0)
  }
  return out
}

test.each([
  [CONTINUE + ANSWER, ANSWER],
  [CONTINUE + PROCESSING + CONTINUE + ANSWER, PROCESSING + ANSWER],
  [ANSWER, ANSWER],
  ['HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 1', undefined],
  ['SSH-2.0-x\r\n', undefined],
])('%j passes as it should, however it is cut', (sent, expected = sent) => {
  const lengths = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 10 })
  fc.assert(
    fc.property(lengths, cuts => {
      expect(filtered(sent, cuts)).toBe(expected)
    }),
  )
})

test('a head without end is not held for ever', () => {
  const endless = `HTTP/1.1 100 Continue\r\nx: ${'y'.repeat(40_000)}`
  expect(filtered(endless, [10_000, 10_000])).toBe(endless)
})
