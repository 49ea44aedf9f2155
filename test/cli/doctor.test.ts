import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

let bin: Bin
let server: ApiServer

beforeAll(async () => {
  bin = await prepareBin()
  server = await createApiServer({ scale: 1 / 16 })
})
afterAll(async () => {
  await server.close()
  await bin.remove()
})
beforeEach(() => server.reset())

const KEY = 'sk-very-secret-key-1234'
const env = () => ({ LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: server.url })

async function diagnose(cwd: string, variables: Readonly<Record<string, string>>) {
  const { stdout, code } = await runMain(['doctor', '--json'], cwd, variables)
  expect(stdout).not.toContain(KEY)
  const { checks, summary } = JSON.parse(stdout)
  const of = (check: string) => {
    const found = checks.find((one: { check: string }) => one.check === check)
    return `${found?.level}: ${found?.message}`
  }
  return { of, summary, code }
}

it('says that all is well, and sends no request', async () => {
  const cwd = await createSampleProject({ 'imagegen.config.json': '{ "types": false }' })
  const { code, stdout, stderr } = await bin.run(['doctor'], { cwd, env: env() })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain(`Node ${process.versions.node}.`)
  expect(stdout).toMatch(/ok +sharp +sharp [\d.]+ loads and encodes\./)
  expect(stdout).toContain('LLMEASY_API_KEY is set in the environment.')
  expect(stdout).toContain(`${new URL(server.url).origin} is reachable. No request was sent.`)
  expect(stdout).not.toContain(KEY)
  expect(server.requests).toEqual([])
  expect(await readdir(cwd)).not.toContain('.imagegen')
})

it.each([
  ['.env', 'LLMEASY_API_KEY is set in .env.'],
  ['.env.development.local', 'LLMEASY_API_KEY is set in .env.development.local.'],
])('names the file that the key comes from: %s', async (file, message) => {
  const cwd = await createSampleProject({ [file]: `LLMEASY_API_KEY=${KEY}\n` })
  const { of, code } = await diagnose(cwd, { LLMEASY_BASE_URL: server.url })
  expect(of('API key')).toBe(`ok: ${message}`)
  expect(code).toBe(0)
})

it('warns of a missing key, and ends with 1 when the API cannot be reached', async () => {
  const cwd = await createSampleProject()
  const closed = createServer()
  await new Promise<void>(listening => void closed.listen(0, '127.0.0.1', listening))
  const address = closed.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await new Promise(end => closed.close(end))
  const url = `http://127.0.0.1:${port}/v1`
  const { of, summary, code } = await diagnose(cwd, { LLMEASY_BASE_URL: url })
  expect(of('API key')).toMatch(/^warning: LLMEASY_API_KEY is not set/)
  expect(of('API')).toMatch(/^problem: http:\/\/127\.0\.0\.1:\d+ is not reachable: .*ECONNREFUSED/)
  expect(summary.problems).toBe(1)
  expect(code).toBe(1)
})

it('goes through the proxy of the environment, and names what that refuses', async () => {
  const targets: string[] = []
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    targets.push(url)
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  await new Promise<void>(listening => void proxy.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void proxy.close())
  const address = proxy.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const cwd = await createSampleProject()
  const { of } = await diagnose(cwd, {
    LLMEASY_BASE_URL: 'https://api.example.com/v1',
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
  })
  expect(targets).toEqual(['api.example.com:443'])
  expect(of('API')).toContain('refuses the connection with 403')
})

it('finds Git LFS pointers and a cache that cannot be written', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n'
  const cwd = await createSampleProject({ '.imagegen/blobs/aa/b.png': pointer })
  expect((await diagnose(cwd, env())).of('Git LFS')).toBe(
    'problem: 1 original is a Git LFS pointer. Run `git lfs pull`. In CI, enable LFS for the checkout.',
  )
  await writeFile(path.join(cwd, 'imagegen.config.json'), '{ "cacheDir": "package.json/cache" }')
  const blocked = await diagnose(cwd, env())
  expect(blocked.of('cache')).toMatch(/^problem: .*cannot be written/)
  expect(blocked.code).toBe(1)
})

it('tells a faulty configuration as one problem beside what works', async () => {
  const cwd = await createSampleProject({ 'imagegen.config.json': '{ "mood": 1 }' })
  const { of, summary, code } = await diagnose(cwd, env())
  expect(of('configuration')).toMatch(/^problem: .*mood/)
  expect(of('sharp')).toMatch(/^ok/)
  expect({ code, problems: summary.problems }).toEqual({ code: 1, problems: 1 })
})

it('says which bundler is there, and what setup and types lack', async () => {
  const cwd = await createSampleProject({
    'package.json': '{ "name": "site", "devDependencies": { "vite": "8", "webpack": "5" } }',
    'node_modules/vite/package.json': '{ "name": "vite", "version": "8.1.2" }',
    'vite.config.ts':
      "import { defineConfig } from 'vite'\nexport default defineConfig({ plugins: [] })\n",
    'pnpm-lock.yaml': '',
  })
  const { of } = await diagnose(cwd, env())
  expect(of('vite')).toBe('ok: vite 8.1.2.')
  expect(of('webpack')).toMatch(/^warning: webpack is not installed/)
  expect(of('setup')).toContain('vite.config.ts (the plugin)')
  expect(of('types')).toMatch(/^warning: 1 type file missing/)
  const { stdout } = await runMain(['doctor'], cwd, env())
  expect(stdout).toContain('Run `pnpm exec imagegen init`.')
})
