import { defineConfig } from 'vitest/config'

const faults = 'test/**/*.faults.test.ts'
const browser = 'test/**/*.browser.test.ts'
/** The benchmark installs packages of its own, some of which bring their tests. */
const packages = '**/node_modules/**'

/**
 * Tests that run bundlers, servers of frameworks, type checkers, package managers or the command, and
 * those that wait for time limits of connections.
 */
const integration = [
  'test/{bundlers,cli,compatibility,conformance,dev,export,jest,recipes,s3,types,vitest}/**/*.test.ts',
  'test/provider/{connection,proxy,transport}.test.ts',
  'test/{exits,secrets}.test.ts',
  'test/docs/{compiled,typed}-blocks.test.ts',
  'test/originals/pnp.test.ts',
]

/** On a quiet machine an event comes at once; on a busy one it may take a while. */
const patient = { poll: { timeout: 20_000 } }

/** Builds that tests start say what they generate. */
const quiet = ['test/support/quiet-progress.ts']

export default defineConfig({
  test: {
    // Most tests wait for servers, browsers and disks: one core less would leave one of two idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          // No module keeps state, so files can share a process and load the modules once: half the time.
          isolate: false,
          expect: patient,
          setupFiles: quiet,
          include: ['test/**/*.test.ts'],
          exclude: [...integration, faults, browser, packages],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          expect: patient,
          setupFiles: quiet,
          include: integration,
          exclude: [faults, browser],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          expect: patient,
          setupFiles: quiet,
          include: [faults],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          expect: patient,
          setupFiles: quiet,
          include: [browser],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
