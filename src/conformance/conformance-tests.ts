import { onBench } from './conformance-bench.ts'
import { CASES } from './conformance-cases.ts'
import type { ConformanceSubject } from './conformance-subject.ts'

/** One test, for any runner that fails where a promise rejects. */
export interface ConformanceTest {
  readonly name: string
  run(): Promise<void>
}

/**
 * What this package counts on from a provider, as tests against an API that they play on this
 * machine: faults, aborts, outcomes, sizes, masks, no key in messages, memory, and answers that
 * outlive a crash.
 * @example
 * ```ts
 * import { conformanceTests } from 'unplugin-imagegen/testing'
 * import { test } from 'vitest' // or from 'node:test'
 *
 * const tests = conformanceTests({
 *   provider: ({ url }) => ({ use: acme(url) }),
 *   answer: picture => ({ body: picture }),
 * })
 * for (const { name, run } of tests) test(name, run)
 * ```
 */
export function conformanceTests(subject: ConformanceSubject): readonly ConformanceTest[] {
  return Object.entries(CASES).map(([name, test]) => ({
    name,
    run: () => onBench(subject, test),
  }))
}
