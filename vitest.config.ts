import { defineConfig } from 'vitest/config'

const faults = 'test/**/*.faults.test.ts'
const browser = 'test/**/*.browser.test.ts'

export default defineConfig({
  test: {
    // Most tests wait for servers, browsers and disks: one core less would leave one of two idle.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [faults, browser],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: { name: 'faults', include: [faults], testTimeout: 180_000, hookTimeout: 60_000 },
      },
      {
        test: { name: 'browser', include: [browser], testTimeout: 60_000, hookTimeout: 120_000 },
      },
    ],
  },
})
