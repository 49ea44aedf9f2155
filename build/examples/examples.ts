import { ASTRO_EXAMPLE } from './astro-example.ts'
import type { Example } from './example.ts'
import { NEXT_EXAMPLES } from './next-examples.ts'
import { NUXT_EXAMPLES } from './nuxt-examples.ts'

/** A built library: its consumers show pictures that are there. */
const LIBRARY = {
  folder: 'library',
  manager: 'pnpm',
  images: 3,
  unused: ['spare'],
  outputs: ['dist'],
  pages: ['/'],
  noDevelopment: 'built',
  gallery: false,
} as const

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
    init: {
      config: 'vite.config.ts',
      page: [
        'src/App.tsx',
        `import hero from './hero.image.yaml'
export const App = () => <img src={hero.src} width={hero.width} alt={hero.alt} />
`,
      ],
    },
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
    init: {
      config: 'webpack.config.js',
      page: [
        'src/main.ts',
        `import hero from './hero.image.yaml'
const [avif] = hero.sources
document.body.innerHTML = '<img src="' + hero.src + '" alt="' + hero.alt + '" srcset="' + avif.srcset + '">'
`,
      ],
    },
  },
  {
    name: 'eleventy',
    framework: '@11ty/eleventy',
    images: 3,
    unused: [],
    outputs: ['dist'],
    pages: ['/'],
    rendered: ['/'],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
    },
    noDevelopment: 'reloads',
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
    init: {
      config: 'vite.config.ts',
      // The settings of the whole workspace.
      remove: ['../../imagegen.config.ts', '../../.imagegen'],
      page: [
        'src/App.tsx',
        `import hero from './hero.image.yaml'
export const App = () => <img src={hero.src} width={hero.width} alt={hero.alt} />
`,
      ],
    },
  },
  ASTRO_EXAMPLE,
  ...NUXT_EXAMPLES,
  {
    name: 'sveltekit',
    framework: '@sveltejs/kit',
    node: '22',
    images: 4,
    unused: ['spare'],
    outputs: ['build'],
    pages: ['/', '/server'],
    rendered: ['/', '/server'],
    scripts: {
      build: 'build',
      start: { script: 'start', args: () => [] },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: true,
    init: {
      config: 'vite.config.ts',
      remove: ['src/routes/server'],
      page: [
        'src/routes/+page.svelte',
        `<script lang="ts">
  import hero from '../hero.image.yaml'
</script>

<img src={hero.src} width={hero.width} alt={hero.alt} />
`,
      ],
    },
  },
  {
    name: 'vue',
    framework: 'vue',
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
    init: {
      config: 'vite.config.ts',
      page: [
        'src/App.vue',
        `<script setup lang="ts">
import hero from './hero.image.yaml'
</script>

<template><img :src="hero.src" :width="hero.width" :alt="hero.alt" /></template>
`,
      ],
    },
  },
  {
    name: 'vitepress',
    framework: 'vitepress',
    images: 4,
    unused: ['spare'],
    outputs: ['docs/.vitepress/dist'],
    pages: ['/', '/guide/night.html'],
    rendered: ['/', '/guide/night.html'],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: true,
    init: {
      config: 'docs/.vitepress/config.ts',
      plugin: 'withImagegen(',
      remove: ['docs/.vitepress/theme', 'docs/guide'],
      page: ['docs/index.md', '![](./hero.image.yaml)\n'],
    },
  },
  {
    name: 'storybook',
    framework: 'storybook',
    node: '22',
    images: 2,
    unused: [],
    outputs: ['storybook-static'],
    pages: [
      '/iframe.html?id=card--day&viewMode=story',
      '/iframe.html?id=card--night&viewMode=story',
    ],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: true,
    init: {
      config: 'vite.config.ts',
      page: [
        'src/Card.stories.tsx',
        `import type { Meta, StoryObj } from '@storybook/react-vite'
import hero from './hero.image.yaml'
const Hero = () => <img src={hero.src} width={hero.width} alt={hero.alt} />
export default { component: Hero } satisfies Meta<typeof Hero>
export const Default: StoryObj<typeof Hero> = {}
`,
      ],
    },
  },
  {
    name: 'react-router',
    framework: '@react-router/dev',
    node: '22',
    images: 3,
    unused: ['spare'],
    outputs: ['build'],
    pages: ['/', '/loaded'],
    rendered: ['/', '/loaded'],
    scripts: {
      build: 'build',
      start: { script: 'start', args: () => [] },
      dev: { script: 'dev' },
      types: 'types',
    },
    gallery: true,
    init: {
      config: 'vite.config.ts',
      remove: ['app/routes/loaded.tsx'],
      page: [
        'app/routes/home.tsx',
        `import hero from '../hero.image.yaml'
export default () => <img src={hero.src} width={hero.width} alt={hero.alt} />
`,
      ],
      files: [
        [
          'app/routes.ts',
          `import { index, type RouteConfig } from '@react-router/dev/routes'
export default [index('routes/home.tsx')] satisfies RouteConfig
`,
        ],
      ],
    },
  },
  {
    ...LIBRARY,
    name: 'library-vite',
    framework: 'vite',
    app: 'apps/vite-site',
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
      types: 'types',
    },
    init: {
      package: 'packages/design',
      config: 'vite.config.ts',
      remove: ['../../imagegen.config.ts', '../../.imagegen'],
      page: ['src/index.ts', "export { default as hero } from './hero.image.yaml'\n"],
    },
  },
  {
    ...LIBRARY,
    name: 'library-vite-dev',
    framework: 'vite',
    app: 'apps/vite-site',
    scripts: {
      build: 'build',
      start: { script: 'dev' },
      dev: { script: 'dev' },
      types: 'types',
    },
  },
  {
    ...LIBRARY,
    name: 'library-webpack',
    framework: 'webpack',
    app: 'apps/webpack-site',
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
    },
  },
  {
    name: 'tanstack-start',
    framework: '@tanstack/react-start',
    node: '22',
    images: 3,
    unused: ['spare'],
    outputs: ['dist'],
    pages: ['/'],
    rendered: ['/'],
    scripts: {
      build: 'build',
      start: { script: 'start' },
      dev: { script: 'dev' },
    },
    gallery: true,
    init: {
      config: 'vite.config.ts',
      page: [
        'src/routes/index.tsx',
        `import { createFileRoute } from '@tanstack/react-router'
import hero from '../hero.image.yaml'
export const Route = createFileRoute('/')({ component: Home })
function Home() {
  return <img src={hero.src} width={hero.width} alt={hero.alt} />
}
`,
      ],
    },
  },
  ...NEXT_EXAMPLES,
]
