import { defineConfig } from 'vitest/config'

const faults = 'test/**/*.faults.test.ts'
const browser = 'test/**/*.browser.test.ts'

/** What is waited for comes at once on a quiet machine; on a busy one it may take its time. */
const patient = { poll: { timeout: 20_000 } }

export default defineConfig({
  test: {
    // Most tests wait for servers, browsers and disks: one core less would leave one of two idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          expect: patient,
          include: ['test/**/*.test.ts'],
          exclude: [faults, browser],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'faults',
          expect: patient,
          include: [faults],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          expect: patient,
          include: [browser],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
