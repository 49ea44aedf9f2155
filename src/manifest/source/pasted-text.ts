import type { Diagnostic } from '../../errors/manifest-error.ts'
import type { Faults } from './faults.ts'
import type { SourceText } from './source-text.ts'

/** A merge that was not finished, which YAML's own errors would report three times without naming it. */
export function findMergeConflict(source: SourceText): Diagnostic | undefined {
  const mark = /^<{7} .*$(?=[\s\S]*^={7}\s*$[\s\S]*^>{7} )/m.exec(source.text)
  if (!mark) return undefined
  return source.diagnostic(
    { start: mark.index, end: mark.index + mark[0].length },
    'This manifest has marks of a merge conflict.',
    'Resolve the conflict, and remove the lines that start with `<<<<<<<`, `=======` and `>>>>>>>`.',
  )
}

/**
 * Blanks that editors show as spaces and that YAML takes for the first letters of a key. Pages and
 * chats put them into what is copied from there.
 */
function findOddBlank(source: SourceText): Diagnostic | undefined {
  const blank = /(?<=^ *)[\u{a0}\u{2000}-\u{200b}\u{202f}\u{3000}]+(?=.*\S)/mu.exec(source.text)
  if (!blank) return undefined
  const code = blank[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
  return source.diagnostic(
    { start: blank.index, end: blank.index + blank[0].length },
    `This line is indented with U+${code} instead of spaces, as copied text often is.`,
    'Replace these characters with spaces.',
  )
}

/** Reports odd blanks once in place of all the faults that follow from them. */
export function namingOddBlanks(faults: Faults, source: SourceText): Faults {
  const cause = findOddBlank(source)
  if (!cause) return faults
  return {
    get any() {
      return faults.any
    },
    throwIfAny: () => faults.throwIfAny(),
    add: () => faults.add(cause),
  }
}
