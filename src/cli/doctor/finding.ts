import { codeOf, messageOf } from '../output/error-output.ts'

/** What `imagegen doctor` found about one thing. */
export interface Finding {
  /** What was checked, in a word or two. */
  readonly check: string
  readonly level: 'ok' | 'warning' | 'problem'
  /** What is so, and what to do about it. */
  readonly message: string
  /** Of an error, for programs. */
  readonly code?: string
}

export function createFinding(level: Finding['level'], check: string, message: string): Finding {
  return { check, level, message }
}

export function findingOf(check: string, error: unknown): Finding {
  return { check, level: 'problem', message: messageOf(error), code: codeOf(error) }
}
