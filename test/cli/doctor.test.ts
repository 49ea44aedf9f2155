import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { runMain } from '../support/run-main.ts'
import { makeIdentity, type TlsIdentity } from '../support/tls-identity.ts'
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

describe('over TLS', () => {
  const listen = async (identity: TlsIdentity | undefined) => {
    const tls = createTlsServer(identity ?? {})
    await new Promise<void>(listening => void tls.listen(0, 'localhost', listening))
    onTestFinished(() => void tls.close())
    const address = tls.address()
    return typeof address === 'object' && address ? `https://localhost:${address.port}` : ''
  }
  const about = async (cwd: string, variables: Readonly<Record<string, string>>) => {
    const { stdout, stderr } = await bin.run(['doctor', '--json'], { cwd, env: variables })
    expect(stderr).toBe('')
    const { checks } = JSON.parse(stdout)
    const { level, message } = checks.find((one: { check: string }) => one.check === 'API')
    return `${level}: ${message}`
  }

  it('trusts the authority of NODE_EXTRA_CA_CERTS, and names it where it is missing', async context => {
    const identity = makeIdentity()
    context.skip(!identity, 'openssl is missing')
    const origin = await listen(identity)
    const cwd = await createSampleProject({ 'ca.pem': identity?.cert ?? '' })
    const variables = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: `${origin}/v1` }
    const trusted = { ...variables, NODE_EXTRA_CA_CERTS: path.join(cwd, 'ca.pem') }
    expect(await about(cwd, trusted)).toBe(`ok: ${origin} is reachable. No request was sent.`)
    const advice =
      'Its certificate is not trusted here (DEPTH_ZERO_SELF_SIGNED_CERT). Set NODE_EXTRA_CA_CERTS to the file of the certificate authority that issued it.'
    expect(await about(cwd, variables)).toBe(`problem: ${origin} cannot be used. ${advice}`)
    // A build says the same, at once.
    const generated = await bin.run(['generate', 'hero'], { cwd, env: variables })
    expect(generated.stdout).toContain(
      `No connection to the API at ${origin}/v1: nothing was sent. ${advice}`,
    )
    expect(generated.stdout.split(advice)).toHaveLength(2)
    expect(generated.stderr).not.toContain('again in')
  })

  it('says when the certificate is of another host, and when there is no TLS', async context => {
    const identity = makeIdentity('api.example.test')
    context.skip(!identity, 'openssl is missing')
    const origin = await listen(identity)
    const cwd = await createSampleProject({ 'ca.pem': identity?.cert ?? '' })
    const trust = { NODE_EXTRA_CA_CERTS: path.join(cwd, 'ca.pem') }
    expect(await about(cwd, { LLMEASY_BASE_URL: origin, ...trust })).toBe(
      `problem: ${origin} cannot be used. Its certificate belongs to another host name (ERR_TLS_CERT_ALTNAME_INVALID). Correct \`provider.baseURL\`.`,
    )
    const plain = new URL(server.url).origin.replace('http:', 'https:')
    expect(await about(cwd, { LLMEASY_BASE_URL: plain })).toMatch(
      /cannot be used\. It does not speak TLS \(ERR_SSL_\w+\)\. Write http:\/\/ in `provider.baseURL`, or/,
    )
  })
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
