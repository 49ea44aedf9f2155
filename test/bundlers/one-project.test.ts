import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { BUNDLERS } from './bundlers.ts'
import { writeSite } from './sample-site.ts'

const HERO = 'prompt: A lighthouse\nsize: 1024x1024\n'

async function startSite(files: Readonly<Record<string, string>>) {
  const api = await startApi({ apiKey: KEY })
  const env = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url }
  const variables = new Map(Object.entries(env))
  const open: OpenPipeline = (options, start, host) =>
    openForPlugin(options, { ...start, readVariable: name => variables.get(name) }, host)
  const root = await writeSite(files)
  const imagegen = (args: readonly string[], folder = '.') =>
    runMain([...args], path.join(root, folder), env)
  return { api, open, root, imagegen }
}

/** Folders of the project that have a cache, relative to its root. */
async function cachesIn(root: string): Promise<string[]> {
  const files = await readdir(root, { recursive: true, encoding: 'utf8' })
  return files.filter(file => /(?:^|\/)\.imagegen\/entries$/.test(file)).map(path.posix.dirname)
}

// These two have no root of their own and begin at the working directory.
const AT_WORKING_DIRECTORY = ['rollup', 'rolldown']

test.each(BUNDLERS.map(bundler => [bundler.name, bundler] as const))(
  '%s in a folder and the command line share configuration, cache and budget',
  async (name, { build }) => {
    const { api, open, root, imagegen } = await startSite({
      'package.json': '{"name":"site","type":"module"}',
      'imagegen.config.json':
        '{ "onSizeMismatch": "ignore", "budget": { "images": 1 }, "renditionsDir": ".renditions" }',
      'app/main.js': `export { default as hero } from './hero.image.yaml'`,
      'app/hero.image.yaml': HERO,
    })
    const app = path.join(root, 'app')
    if (AT_WORKING_DIRECTORY.includes(name)) {
      const cwd = vi.spyOn(process, 'cwd').mockReturnValue(app)
      onTestFinished(() => cwd.mockRestore())
    }
    await build({ root: app, open, withoutRoot: true })
    expect(api.count).toBe(1)
    expect(await cachesIn(root)).toEqual(['.imagegen'])

    for (const folder of ['.', 'app']) {
      expect(await imagegen(['generate'], folder)).toMatchObject({ code: 0 })
      expect(await imagegen(['check'], folder)).toMatchObject({ code: 0 })
    }
    expect(api.count).toBe(1)
    expect(await cachesIn(root)).toEqual(['.imagegen'])
  },
)

test('a cache that 0.1.0 left in the bundler’s root is used, by commands run there too', async () => {
  const { api, open, root, imagegen } = await startSite({
    'package.json': '{"name":"site","type":"module"}',
    'src/main.js': `export { default as hero } from './hero.image.yaml'`,
    'src/hero.image.yaml': HERO,
  })
  const src = path.join(root, 'src')
  // As 0.1.0 did it: the bundler's root, whatever lies above.
  const env = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url }
  expect(await runMain(['generate', '--root', '.'], src, env)).toMatchObject({ code: 0 })
  expect(await cachesIn(root)).toEqual(['src/.imagegen'])
  const [vite] = BUNDLERS
  await vite?.build({ root: src, open, options: { onSizeMismatch: 'ignore' } })
  expect(await imagegen(['generate'], 'src')).toMatchObject({ code: 0 })
  expect(api.count).toBe(1)
  expect(await cachesIn(root)).toEqual(['src/.imagegen'])
})
