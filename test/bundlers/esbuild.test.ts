import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { BuildOptions } from 'esbuild'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { assertImage, importBuilt } from './assert-image.ts'
import { unpluginOf } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const SCRIPT = `import { og } from '#site'; import { shared } from '#shared'; export { og, shared }`

async function buildPages(options: BuildOptions) {
  const root = await writeSite({
    'package.json': `{ "type": "module", "imports": { "#site": "./site.image.yaml", "#shared": "./shared.js" } }`,
    'site.image.yaml': SITE,
    'shared.js': `import { og } from '#site'; export const shared = og.src`,
    'src/main.js': SCRIPT,
    'src/admin/deep/page.js': SCRIPT,
  })
  const { open } = createTestPipeline()
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/main.js', 'src/admin/deep/page.js'],
    bundle: true,
    outdir: 'dist',
    format: 'esm',
    plugins: [unpluginOf(open).esbuild()],
    ...options,
  })
  return { result, dist: path.join(root, 'dist') }
}

const SETTINGS: Readonly<Record<string, BuildOptions>> = {
  'nothing set': {},
  'a public path with a slash': { publicPath: 'https://cdn.test/v1/' },
  'a public path without a slash': { publicPath: 'https://cdn.test/v1' },
  'a root-relative public path': { publicPath: '/static' },
  'chunks in a folder': { splitting: true, chunkNames: 'chunks/x/[name]-[hash]' },
  'assets in a folder': { assetNames: 'a/b/[name]-[hash]' },
  'assets in folders of their own': { assetNames: './media/[dir]/[name]-[hash]' },
  'assets by extension, without a hash': { assetNames: '[ext]/[name]' },
  'a metafile': { metafile: true, minify: true },
}

for (const [name, options] of Object.entries(SETTINGS)) {
  test(`the URL of a fixed name is right with ${name}`, async () => {
    const { dist, result } = await buildPages(options)
    const { publicPath } = options
    const base = publicPath?.replace(/\/?$/, '/')
    for (const page of ['main.js', 'admin/deep/page.js']) {
      const { og, shared } = await importBuilt(path.join(dist, page))
      const script = options.splitting ? 'chunks/x/chunk.js' : page
      await assertImage(og, base ? dist : path.join(dist, path.dirname(script)), base)
      expect((og as { src: string }).src).toBe(shared)
    }
    const files = await readdir(dist, { recursive: true })
    expect(files.filter(file => /unplugin-imagegen/.test(file))).toEqual([])
    expect(result.metafile !== undefined).toBe(options.metafile === true)
    const { outputs = {} } = result.metafile ?? {}
    const imports = Object.values(outputs).flatMap(output => output.imports)
    expect(imports.filter(imported => !imported.external && !(imported.path in outputs))).toEqual(
      [],
    )
    if (options.metafile) {
      const names = Object.keys(outputs).map(file => path.posix.basename(file))
      expect(names.sort()).toEqual(['home.png', 'main.js', 'page.js'])
    }
  })
}

test('the URL of a fixed name is right when nothing is written', async () => {
  const { dist, result } = await buildPages({ write: false })
  const files = result.outputFiles?.map(file =>
    path.relative(dist, file.path).replaceAll('\\', '/'),
  )
  expect(files?.sort()).toEqual(['admin/deep/page.js', 'main.js', 'og/home.png'])
  expect(result.outputFiles?.find(file => file.path.endsWith('page.js'))?.text).toContain(
    'og/home.png',
  )
})

test('the URL of a fixed name is right beside another instance, and nothing else is left', async () => {
  const root = await writeSite({
    'a/site.image.yaml': SITE,
    'b/site.image.yaml': SITE.replace('og/home', 'og/other'),
    'main.js': `export { og as a } from './a/site.image.yaml'; export { og as b } from './b/site.image.yaml'`,
  })
  const { esbuild } = unpluginOf(createTestPipeline().open)
  const dist = path.join(root, 'dist')
  await build({
    absWorkingDir: root,
    entryPoints: ['main.js'],
    bundle: true,
    outdir: 'dist',
    format: 'esm',
    plugins: [esbuild({ include: ['a/**'] }), esbuild({ include: ['b/**'] })],
  })
  const { a, b } = await importBuilt(path.join(dist, 'main.js'))
  for (const image of [a, b]) await assertImage(image, dist)
  const files = await readdir(dist, { recursive: true })
  expect(files.sort()).toEqual(['main.js', 'og', 'og/home.png', 'og/other.png'])
})
