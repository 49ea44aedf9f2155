import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import type { PipelineEvent } from '../../src/pipeline/events.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { createFakeAccess } from '../support/fake-provider.ts'

export interface TestPipeline {
  readonly open: OpenPipeline
  opened: number
  closed: number
  /** Emitted with the next module. */
  warning: string | undefined
}

/**
 * The real pipeline over a fake provider, for tests of what a bundler does with it. Images are PNGs
 * without a placeholder, and sizes are free.
 */
export function createTestPipeline(): TestPipeline {
  const test: TestPipeline = {
    opened: 0,
    closed: 0,
    warning: undefined,
    async open(options, start, host) {
      test.opened++
      const pipeline = await openForPlugin(
        {
          onSizeMismatch: 'ignore',
          ...options,
          provider: { preset: 'openai', ...options.provider },
          output: { formats: ['png'], placeholder: 'none', ...options.output },
        },
        { ...start, readVariable: () => undefined, access: createFakeAccess() },
        host,
      )
      const listeners = new Set<(event: PipelineEvent) => void>()
      return {
        ...pipeline,
        on(listener) {
          listeners.add(listener)
          return pipeline.on(listener)
        },
        async resolveModule(file) {
          const { warning: message } = test
          test.warning = undefined
          if (message !== undefined) {
            for (const listener of listeners) listener({ type: 'warning', message })
          }
          return pipeline.resolveModule(file)
        },
        async close(closing) {
          test.closed++
          await pipeline.close(closing)
        },
      }
    },
  }
  return test
}
