import type { Example } from './example.ts'

const NUXT = {
  folder: 'nuxt',
  framework: 'nuxt',
  node: '22',
  images: 5,
  unused: ['spare'],
  outputs: ['.output/public'],
  pages: ['/', '/gull', '/rendered'],
  rendered: ['/', '/rendered'],
  scripts: { dev: { script: 'dev' }, types: 'types' },
  gallery: true,
  refusals: [
    {
      file: 'nuxt.config.ts',
      change: text =>
        `import twice from 'unplugin-imagegen/vite'\n${text.replace('modules', 'vite: { plugins: [twice()] },\n  modules')}`,
      message: 'remove the one of unplugin-imagegen/vite',
    },
    {
      file: 'server/api/card.ts',
      change: () =>
        `import { harbour } from '../../app/site.image.yaml'\nexport default defineEventHandler(() => harbour.src)\n`,
      message:
        'server/api/card.ts imports ../../app/site.image.yaml, but Nitro gives browsers no files',
    },
  ],
  init: {
    config: 'nuxt.config.ts',
    plugin: "modules: ['unplugin-imagegen/nuxt']",
    remove: ['app/pages/rendered.server.vue', 'app/pages/gull.vue', 'app/components'],
    page: [
      'app/pages/index.vue',
      `<script setup lang="ts">
import hero from '~/hero.image.yaml'
</script>

<template><ImagegenPicture :src="hero" /></template>
`,
    ],
  },
} as const satisfies Omit<Example, 'name' | 'scripts'> & { readonly scripts: object }

/** One site, with a server and as files. */
export const NUXT_EXAMPLES: readonly Example[] = [
  {
    ...NUXT,
    name: 'nuxt',
    scripts: { ...NUXT.scripts, build: 'build', start: { script: 'start', args: () => [] } },
  },
  {
    ...NUXT,
    name: 'nuxt-static',
    scripts: { ...NUXT.scripts, build: 'generate', start: { script: 'start:static' } },
    noDevelopment: 'as nuxt',
    refusals: [],
  },
]
