import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { build, type JsPlugin } from '@farmfe/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { BUNDLERS, unpluginOf } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const FILES = {
  'site.image.yaml': SITE,
  'main.js': `import { hero, og } from './site.image.yaml'; export { hero, og }`,
}

for (const publicPath of ['/static', 'https://cdn.test/v1/']) {
  test(`farm puts the public path ${publicPath} before every URL`, async () => {
    const root = await writeSite(FILES)
    const { open } = createTestPipeline()
    const farm = BUNDLERS.find(({ name }) => name === 'farm')
    if (!farm) throw new Error('Farm is not in the table.')
    const { hero, og } = await importBuilt(await farm.build({ root, open, publicPath }))
    const base = publicPath.replace(/\/?$/, '/')
    await assertImage(hero, path.join(root, 'dist'), base)
    expect((await assertImage(og, path.join(root, 'dist'), base)).src).toBe(`${base}og/home.png`)
  })
}

/** Builds with another plugin, and returns what Farm printed. */
async function buildBeside(plugin: JsPlugin, warning?: string) {
  const root = await writeSite(FILES)
  const pipeline = createTestPipeline()
  pipeline.warning = warning
  const printed: unknown[] = []
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((...given) => void printed.push(...given))
  }
  onTestFinished(() => {
    vi.restoreAllMocks()
  })
  const output = { path: 'dist', targetEnv: 'library-node', format: 'esm' } as const
  const building = build({
    root,
    clearScreen: false,
    compilation: {
      input: { main: './main.js' },
      output: { ...output, entryFilename: 'main.js' },
    },
    plugins: [plugin, unpluginOf(pipeline.open).farm() as JsPlugin],
  })
  const error = await building.then(
    () => undefined,
    reason => reason,
  )
  return { error, printed: printed.join('\n'), dist: path.join(root, 'dist') }
}

const copying = (name: string, contentOf: (names: readonly string[]) => string): JsPlugin => ({
  name: 'copying',
  priority: 200,
  finalizeResources: {
    async executor({ resourcesMap }) {
      const [first] = Object.values(resourcesMap)
      if (!first) throw new Error('There is no output.')
      const bytes = [...Buffer.from(contentOf(Object.keys(resourcesMap)))]
      return {
        ...resourcesMap,
        [name]: { ...first, name, bytes },
      }
    },
  },
})

test('farm fails when a plugin copies a manifest', async () => {
  const { error, printed } = await buildBeside(copying('copy.txt', () => SITE))
  expect(error).toBeDefined()
  expect(printed).toMatch(/holds the text of site\.image\.yaml, prompts included: copy\.txt/)
})

test('farm keeps a picture that another file names', async () => {
  const { error, dist } = await buildBeside(copying('list.bin', names => names.join('\0')))
  expect(error).toBeUndefined()
  expect(await emittedPictures(dist)).toContain('spare-24w.png')
  expect(await readFile(path.join(dist, 'list.bin'), 'utf8')).toContain('spare-')
})

test('farm goes on after a warning, which it prints past the console', async () => {
  const { error, dist } = await buildBeside({ name: 'none' }, 'The size differs.')
  expect(error).toBeUndefined()
  await assertImage((await importBuilt(path.join(dist, 'main.js'))).hero, dist)
})
