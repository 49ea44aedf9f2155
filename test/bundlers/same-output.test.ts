import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { sha256 } from '../../src/system/digest.ts'
import { assertImage, importBuilt } from './assert-image.ts'
import { BUNDLERS, type Bundler, buildWithVite, VITES } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

/** One image a manifest has the bytes of one of the other, and two have the same name. */
const FILES = {
  'a/site.image.yaml': `images:
  hero: { prompt: The hero of a, size: 1536x1152, output: { widths: [32, 64] } }
  shared: { prompt: The same in both, size: 576x576 }
`,
  'b/site.image.yaml': `images:
  hero: { prompt: The hero of b, size: 1536x1152, output: { widths: [32, 64] } }
  joint: { prompt: The same in both, size: 576x576 }
`,
  'main.js': `import a from './a/site.image.yaml'; import b from './b/site.image.yaml'; export { a, b }`,
}

/** A pipeline that takes longer for one of the manifests. */
function withSlow(folder: string, open: OpenPipeline): OpenPipeline {
  return async (...given) => {
    const pipeline = await open(...given)
    return {
      ...pipeline,
      async resolveModule(file) {
        if (path.basename(path.dirname(file)) === folder) await wait(30)
        return pipeline.resolveModule(file)
      },
    }
  }
}

async function buildOnce(bundler: Bundler, plainNames: boolean, slow: string) {
  const root = await writeSite(FILES)
  const { open } = createTestPipeline()
  const entry = await bundler.build({ root, open: withSlow(slow, open), plainNames })
  return { root, entry }
}

/** Every file of a project's output with a digest of its bytes. */
async function contentOf(root: string): Promise<readonly string[]> {
  const folder = path.join(root, 'dist')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile())
  const lines = files.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name)
    // Some hosts write into comments where a module lies.
    const content = (await readFile(file, 'latin1')).replaceAll(path.basename(root), 'root')
    const digest = sha256(content)
    return `${path.relative(folder, file)} ${digest}`
  })
  return (await Promise.all(lines)).sort()
}

/** The others add a hash to every name by themselves. */
const TAKES_PATTERNS = /^(?:vite|rollup|rolldown|esbuild)/

for (const bundler of BUNDLERS) {
  for (const plainNames of TAKES_PATTERNS.test(bundler.name) ? [false, true] : [false]) {
    const names = plainNames ? 'without a hash in names' : 'with hashes in names'
    test(`${bundler.name} gives the same output ten times, ${names}`, {
      timeout: 60_000,
    }, async () => {
      const first = await buildOnce(bundler, plainNames, 'a')
      const { a, b } = await importBuilt(first.entry)
      const dist = path.join(first.root, 'dist')
      const sources: string[] = []
      for (const image of [a, b].flatMap(record => Object.values(record as object))) {
        sources.push((await assertImage(image, dist)).src)
      }
      expect(sources[0]).not.toBe(sources[2])

      const expected = await contentOf(first.root)
      for (const slow of ['b', 'a', 'b', 'none']) {
        const { root } = await buildOnce(bundler, plainNames, slow)
        expect(await contentOf(root)).toEqual(expected)
      }
      const sideBySide = ['a', 'b', 'a', 'b', 'none'].map(async slow => {
        const { root } = await buildOnce(bundler, plainNames, slow)
        return contentOf(root)
      })
      for (const content of await Promise.all(sideBySide)) expect(content).toEqual(expected)
    })
  }
}

for (const [name, load] of Object.entries(VITES)) {
  for (const plainNames of [false, true]) {
    test(`${name} names files alike for a client and a server that knows more, ${plainNames ? 'without' : 'with'} hashes`, async () => {
      const root = await writeSite({
        ...FILES,
        'client.js': `import b from './b/site.image.yaml'; export { b }`,
      })
      const { open } = createTestPipeline()
      const build = async (entry: string, outDir: string) => {
        await buildWithVite(
          load,
          { root, open: withSlow('b', open), plainNames },
          {
            base: '/',
            build: {
              outDir,
              ssr: outDir === 'server',
              rollupOptions: { input: path.join(root, entry) },
            },
          },
        )
        return importBuilt(path.join(root, outDir, 'main.js'))
      }
      const server = await build('main.js', 'server')
      const client = await build('client.js', 'client')
      expect(server.b).toEqual(client.b)
      for (const image of Object.values(server.b as object)) {
        await assertImage(image, path.join(root, 'client'), '/')
      }
    })
  }
}
