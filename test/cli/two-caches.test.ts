import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import imagegen from '../../src/vite.ts'
import { writeFiles } from '../support/folder.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

const hero = (prompt: string) => `prompt: ${prompt}\n`

/** As 0.1.0 left it: the command line's cache at the top, the plugin's in `src`. */
async function startSite() {
  const api = await startApi({ apiKey: KEY })
  const env = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const root = await createSampleProject({
    'package.json': '{"name":"site","type":"module"}',
    'src/main.js': `export { default as hero } from './hero.image.yaml'`,
    'src/hero.image.yaml': hero('A lighthouse'),
  })
  await rm(path.join(root, 'src/site.image.yaml'))
  const run = (args: readonly string[], folder = '.') => runMain(args, path.join(root, folder), env)
  await run(['generate', '--root', '.'])
  await writeFiles(root, { 'src/hero.image.yaml': hero('A lighthouse at night') })
  await run(['generate', '--root', '.'], 'src')
  expect(api.count).toBe(2)
  await writeFiles(root, { 'src/hero.image.yaml': hero('A lighthouse at dawn') })
  return {
    api,
    root,
    run,
    build: () =>
      build({
        root: path.join(root, 'src'),
        configFile: false,
        logLevel: 'silent',
        plugins: [imagegen({ onSizeMismatch: 'ignore' })],
        build: { rollupOptions: { input: path.join(root, 'src/main.js') } },
      }),
  }
}

async function entriesIn(folder: string): Promise<number> {
  const names = await readdir(path.join(folder, '.imagegen/entries'), { recursive: true })
  return names.filter(name => name.endsWith('.json')).length
}

test('two caches stop requests of builds and commands, until the command that is named merged them', async () => {
  const { api, root, run, build } = await startSite()
  await expect(build()).rejects.toThrow(/There are two caches/)
  const failed = await run(['generate'])
  expect(failed.code).toBe(2)
  expect(api.count).toBe(2)

  const [, command = ''] = /`imagegen (pull [^`]+)`/.exec(failed.stderr) ?? []
  const pulled = await run(command.split(' '))
  expect(pulled).toMatchObject({ code: 0, stderr: expect.stringContaining('copied') })
  expect(pulled.stdout).toContain(`Delete ${path.join(root, 'src/.imagegen')}`)
  expect(await entriesIn(root)).toBe(2)
  await rm(path.join(root, 'src/.imagegen'), { recursive: true })
  for (const prompt of ['A lighthouse', 'A lighthouse at night']) {
    await writeFiles(root, { 'src/hero.image.yaml': hero(prompt) })
    await build()
  }
  expect(api.count).toBe(2)
})

test('a configuration file beside one of them says which one counts', async () => {
  const { api, root, run, build } = await startSite()
  await writeFiles(root, { 'imagegen.config.json': '{}' })
  await build()
  expect(await run(['generate'])).toMatchObject({ code: 0 })
  expect(api.count).toBe(3)
  expect(await entriesIn(root)).toBe(2)
})

test('a configuration file beside none of them does not', async () => {
  const { api, root, run, build } = await startSite()
  await rm(path.join(root, '.imagegen'), { recursive: true })
  await writeFiles(root, { 'imagegen.config.json': '{}' })
  await expect(build()).rejects.toThrow(/pull --root \S+ --from \S+src/)
  expect((await run(['generate'])).code).toBe(2)
  await writeFiles(root, { 'imagegen.config.json': '{ "root": "." }' })
  expect(await run(['generate'])).toMatchObject({ code: 0 })
  expect(api.count).toBe(3)
})

test('what is there needs no request, whatever other caches hold', async () => {
  const { api, root, build } = await startSite()
  await writeFiles(root, { 'src/hero.image.yaml': hero('A lighthouse at night') })
  await build()
  expect(api.count).toBe(2)
})

test('pull --from names what it was given', async () => {
  const { run } = await startSite()
  expect((await run(['pull', '--from', 'docs'])).stderr).toMatch(/docs is not a cache/)
  expect((await run(['pull', '--from', '.imagegen'])).code).toBe(2)
})

test('what an API answered without a picture is not requested again after caches were merged', async () => {
  const { api, root, run } = await startSite()
  api.failNext({ body: '<html>Sign in</html>' })
  expect((await run(['generate', '--root', '.'], 'src')).code).toBe(1)
  expect(api.count).toBe(3)
  const dry = await run(['pull', '--from', 'src/.imagegen', '--dry-run'])
  expect(dry.stdout).toMatch(
    /\(unusable answer\): would be copied, .*2 originals would be copied from \S+ \([\d.]+ kB\), 0 already present.* This was a dry run\.\n$/s,
  )
  expect(dry.stderr).toBe('')
  const pulled = await run(['pull', '--from', 'src/.imagegen'])
  expect(pulled).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('src/.imagegen/local/quarantine'),
    stderr: expect.stringContaining('unusable answer'),
  })
  expect((await run(['pull', '--from', 'src/.imagegen'])).stdout).toContain('2 already present')

  await rm(path.join(root, 'src/.imagegen'), { recursive: true })
  expect(await run(['generate'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('--again'),
  })
  expect(api.count).toBe(3)
})

test('a record that cannot be read keeps the other cache', async () => {
  const { api, root, run } = await startSite()
  api.failNext({ body: '<html>Sign in</html>' })
  await run(['generate', '--root', '.'], 'src')
  const records = path.join(root, 'src/.imagegen/unusable')
  const [record = ''] = (await readdir(records, { recursive: true })).filter(name =>
    name.endsWith('.json'),
  )
  await writeFile(path.join(records, record), '{')
  const { code, stdout } = await run(['pull', '--from', 'src/.imagegen'])
  expect(code).toBe(1)
  expect(stdout).toContain('is not valid JSON')
  expect(stdout).toContain('Keep ')
})
