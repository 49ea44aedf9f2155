import { describe, expect, test } from 'vitest'
import { shownColored, shownError, shownJson, shownText } from '../../src/text/shown-text.ts'

describe('shownText', () => {
  test.each([
    ['a\u001b]52;c;ZXZpbA==\u0007b', 'a]52;c;ZXZpbA==b'],
    ['a\u001b[2Jb\u009b2Jc', 'a[2Jb2Jc'],
    ['a\r\n::error file=x::y', 'a\n: :error file=x::y'],
    ['::add-mask::a', ': :add-mask::a'],
    ['a\n \t::stop-commands::t', 'a\n \t: :stop-commands::t'],
    ['a\r::error::b', 'a::error::b'],
    ['a ##vso[task.setvariable variable=x]y', 'a # #vso[task.setvariable variable=x]y'],
    ['##[add-mask]a ##teamcity[x]', '# #[add-mask]a # #teamcity[x]'],
    ['####vso[x]', '### #vso[x]'],
    ['a\u{202e}b\u{2066}c\u{200f}d\u{2028}e\u{feff}f', 'abcde\u{feff}f'],
    ['one\n\ttwo ✓ é 灯', 'one\n\ttwo ✓ é 灯'],
  ])('%j', (text, shown) => {
    expect(shownText(text)).toBe(shown)
    expect(shownText(shown)).toBe(shown)
  })
})

test('colours of ours stay, and nothing else', () => {
  const colored = '\u001b[31m::error::x\u001b[39m \u001b[8mhidden\u001b[2J'
  expect(shownColored(colored)).toBe('\u001b[31m: :error::x\u001b[39m [8mhidden[2J')
})

test('JSON says the same, and holds nothing that is obeyed', () => {
  const value = { text: '##vso[x]\n::y\u{202e}\u009b2J\u001b[2J' }
  const json = shownJson(value)
  expect(JSON.parse(json)).toEqual(value)
  expect(json).not.toMatch(/##\w*\[|[^\P{Cc}\n]|\u{202e}/u)
})

test('an error is escaped through its causes, and stays what it was', () => {
  class Coded extends Error {
    readonly code = 'CODED'
  }
  const inner = new TypeError('\n##vso[x]')
  const shown = shownError(
    new AggregateError([inner], '\n::error::x', { cause: new Coded('\u001b[2J') }),
  )
  expect(shown).toBeInstanceOf(AggregateError)
  expect(shown.message).toBe('\n: :error::x')
  expect(shown.stack).not.toMatch(/^::/m)
  expect(shown.cause).toBeInstanceOf(Coded)
  expect(shown.cause).toMatchObject({ code: 'CODED', message: '[2J' })
  expect(shown).toMatchObject({ errors: [{ message: '\n# #vso[x]' }] })
})
