import path from 'node:path'
import yamlPlugin from '@rollup/plugin-yaml'
import type { InlineConfig, Plugin } from 'vite'
import { imagetools } from 'vite-imagetools'
import { expect, test } from 'vitest'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { buildWithVite, VITES } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

// Its types describe another module format than its code has.
const yaml = yamlPlugin as unknown as () => Plugin

const FILES = {
  'site.image.yaml': SITE,
  'main.js': `import { hero, og } from './site.image.yaml'; export { hero, og }`,
}

for (const [name, load] of Object.entries(VITES)) {
  const build = async (config: InlineConfig, root?: string) => {
    const project = root ?? (await writeSite(FILES))
    const { open } = createTestPipeline()
    const entry = await buildWithVite(load, { root: project, open }, config)
    const dist = path.join(project, config.build?.outDir ?? 'dist')
    const exports = await importBuilt(path.join(dist, path.basename(entry)))
    return { exports, dist, root: project }
  }

  for (const base of ['/', '/site/', 'https://cdn.test/a/']) {
    test(`${name} puts base ${base} before every URL`, async () => {
      const { exports, dist } = await build({ base })
      await assertImage(exports.hero, dist, base)
      expect(exports.og).toMatchObject({ src: `${base}og/home.png` })
      await assertImage(exports.og, dist, base)
    })
  }

  test(`${name} lets renderBuiltUrl decide, even at run time`, async () => {
    const known: string[] = []
    Reflect.set(globalThis, 'cdnOf', (index: number) => `https://cdn.test/${known[index]}`)
    const { exports, dist } = await build({
      experimental: {
        renderBuiltUrl: file => ({ runtime: `globalThis.cdnOf(${known.push(file) - 1})` }),
      },
    })
    await assertImage(exports.hero, dist, 'https://cdn.test/')
    expect(await emittedPictures(dist)).toEqual(['hero-32w.png', 'hero-64w.png', 'home.png'])
  })

  test(`${name} names files alike for client and server, and emits them once`, async () => {
    const client = await build({ base: '/site/', build: { outDir: 'client' } })
    const server = await build(
      { base: '/site/', build: { outDir: 'server', ssr: true } },
      client.root,
    )
    expect(server.exports.hero).toEqual(client.exports.hero)
    await assertImage(server.exports.hero, client.dist, '/site/')
    expect(await emittedPictures(server.dist)).toEqual([])
  })

  test(`${name} inlines nothing, not even in a library`, async () => {
    const { exports, dist } = await build({
      base: './',
      build: {
        assetsInlineLimit: 1_000_000,
        lib: { entry: 'main.js', formats: ['es'], fileName: 'main' },
      },
    })
    await assertImage(exports.hero, dist)
  })

  test(`${name} gives a library URLs relative to its module, unless it says otherwise`, async () => {
    const lib = { entry: 'main.js', formats: ['es' as const], fileName: 'main' }
    const { exports, dist } = await build({ build: { lib } })
    expect(exports.hero).toMatchObject({ src: expect.stringMatching(/^file:/) })
    await assertImage(exports.hero, dist)
    const hosted = await build({ base: 'https://cdn.example/', build: { lib } })
    expect(hosted.exports.hero).toMatchObject({ src: expect.stringContaining('https://cdn.') })
  })

  test(`${name} hands out a manifest's text when that is asked for`, async () => {
    const root = await writeSite({
      ...FILES,
      'main.js': `import text from './site.image.yaml?raw'; export { text }`,
    })
    expect((await build({}, root)).exports.text).toBe(SITE)
  })
}

for (const [order, plugins] of Object.entries({ before: [yaml(), imagetools()], after: [] })) {
  test(`vite8 works with plugins for YAML and images ${order}`, async () => {
    const root = await writeSite({
      ...FILES,
      'data.yaml': 'answer: 42\n',
      'main.js': `${FILES['main.js']}; import data from './data.yaml'; export { data }`,
    })
    const { open } = createTestPipeline()
    const entry = await buildWithVite(
      () => import('vite'),
      { root, open },
      { base: './', plugins },
      order === 'after' ? [yaml(), imagetools()] : [],
    )
    const exports = await importBuilt(entry)
    await assertImage(exports.hero, path.join(root, 'dist'))
    expect(exports.data).toEqual({ answer: 42 })
  })
}
