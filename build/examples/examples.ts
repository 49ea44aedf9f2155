import type { Example } from './example.ts'

/** The examples, in the order of the table. */
export const EXAMPLES: readonly Example[] = [
  {
    name: 'vite-react',
    framework: 'vite',
    images: 4,
    unused: ['spare'],
    outputs: ['dist'],
    pages: ['/'],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: true,
  },
  {
    name: 'webpack',
    framework: 'webpack',
    images: 4,
    unused: ['spare'],
    outputs: ['dist'],
    pages: ['/'],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: false,
  },
  {
    name: 'monorepo',
    framework: 'vite',
    manager: 'pnpm',
    app: 'apps/site',
    images: 3,
    unused: ['spare'],
    outputs: ['dist'],
    pages: ['/'],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: true,
  },
]
