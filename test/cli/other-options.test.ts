import { chmod, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import imagegen from '../../src/vite.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

async function startSite() {
  const api = await startApi({ apiKey: KEY })
  const env = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const root = await createSampleProject({
    'package.json': '{"name":"site","type":"module"}',
    'src/main.js': `export { hero } from './site.image.yaml'`,
  })
  return {
    api,
    root,
    run: (...args: string[]) => runMain(args, root, env),
    build: (options: Options) =>
      build({
        root: path.join(root, 'src'),
        configFile: false,
        logLevel: 'silent',
        plugins: [imagegen({ onSizeMismatch: 'ignore', ...options })],
        build: { rollupOptions: { input: path.join(root, 'src/main.js') } },
      }),
  }
}

test.each<[string, Options]>([
  ['include', { include: 'src/*.image.yaml' }],
  ['cacheDir', { cacheDir: 'pictures' }],
  ['root', { root: '.' }],
])(
  'a command that does not know the plugin’s `%s` stops, until it is in the configuration',
  async (name, options) => {
    const { api, root, run, build } = await startSite()
    await build(options)
    expect(api.count).toBe(2)
    for (const command of ['plan', 'generate', 'check', 'sync']) {
      const { code, stderr } = await run(command)
      expect(code).toBe(2)
      expect(stderr).toContain(`has other values for \`${name}\``)
      expect(stderr).toContain('Move these options to imagegen.config.ts')
    }
    expect(api.count).toBe(2)

    const moved = name === 'root' ? { root: './src' } : options
    await writeFile(path.join(root, 'imagegen.config.json'), JSON.stringify(moved))
    expect(await run('generate')).toMatchObject({ code: 0 })
    expect(api.count).toBe(2)
  },
)

test('a draft leaves no record', async () => {
  const { root, run, build } = await startSite()
  vi.stubEnv('IMAGEGEN_MODE', 'draft')
  await build({ include: 'src/*.image.yaml' })
  expect(await run('plan')).toMatchObject({ code: 0 })
  await expect(readdir(path.join(root, '.imagegen/local/builds'))).rejects.toThrow('ENOENT')
})

test('a record that cannot be written fails no build', async () => {
  const { api, root, build } = await startSite()
  await build({})
  const local = path.join(root, '.imagegen/local')
  await rm(path.join(local, 'builds'), { recursive: true })
  // Root may write anywhere, so a file stands where the folder belongs.
  await writeFile(path.join(local, 'builds'), '')
  await chmod(path.join(local, 'builds'), 0o444)
  await build({ include: 'src/*.image.yaml' })
  expect(api.count).toBe(2)
})
