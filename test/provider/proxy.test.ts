import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import path from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createProxyRules } from '../../src/config/proxy-rules.ts'
import { createFaultServer } from '../fault-server/fault-server.ts'
import { cutBody, resetBeforeHeaders, silence } from '../fault-server/faults.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { createProject, KEY, startApi } from '../support/project.ts'
import { makeIdentity } from '../support/tls-identity.ts'
import { failureOf, requestPicture, testProvider } from './attempts.ts'

const API = 'https://api.example.com/v1'
const CORP = 'http://proxy.example.com:3128'

describe('the environment', () => {
  test.each<[Record<string, string>, string, string | undefined]>([
    [{}, API, undefined],
    [{ HTTPS_PROXY: CORP }, API, `${CORP}/`],
    [{ https_proxy: CORP, HTTPS_PROXY: 'http://other:1' }, API, `${CORP}/`],
    [{ HTTP_PROXY: CORP }, API, `${CORP}/`],
    [{ HTTPS_PROXY: CORP }, 'http://api.example.com/v1', undefined],
    [{ HTTPS_PROXY: 'proxy.example.com:3128' }, API, `${CORP}/`],
    [{ HTTPS_PROXY: CORP }, 'http://127.0.0.1:1/v1', undefined],
    [{ HTTPS_PROXY: CORP }, 'https://localhost:1/v1', undefined],
    [{ HTTPS_PROXY: CORP, NO_PROXY: '*' }, API, undefined],
    [{ HTTPS_PROXY: CORP, NO_PROXY: 'example.com' }, API, undefined],
    [{ HTTPS_PROXY: CORP, no_proxy: '.example.com' }, API, undefined],
    [{ HTTPS_PROXY: CORP, NO_PROXY: '*.example.com, b.test' }, API, undefined],
    [{ HTTPS_PROXY: CORP, NO_PROXY: 'ple.com' }, API, `${CORP}/`],
    [{ HTTPS_PROXY: CORP, NO_PROXY: 'api.example.com:443' }, API, undefined],
    [{ HTTPS_PROXY: CORP, NO_PROXY: 'api.example.com:8443' }, API, `${CORP}/`],
    [{ HTTPS_PROXY: CORP, NO_PROXY: '10.0.0.0/8' }, 'https://10.1.2.3/v1', undefined],
    [{ HTTPS_PROXY: CORP, NO_PROXY: '10.0.0.0/8' }, 'https://11.1.2.3/v1', `${CORP}/`],
    [{ HTTPS_PROXY: CORP, NO_PROXY: 'fd00::1' }, 'https://[fd00::1]/v1', undefined],
  ])('%o sends %s through %s', (variables, target, expected) => {
    const findProxy = createProxyRules(name => variables[name])
    expect(findProxy(new URL(target))?.url.href).toBe(expected)
  })

  test('credentials are taken out of the address', () => {
    const HTTPS_PROXY = 'http://ana:p%40ss@proxy.example.com:3128'
    const proxy = createProxyRules(name => ({ HTTPS_PROXY })[name])(new URL(API))
    expect(proxy?.url.href).toBe(`${CORP}/`)
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('ana:p@ss').toString('base64')}`)
  })

  test.each(['socks5://u:secret@proxy:1', 'http://u:secret@', 'ftp://u:secret@proxy'])(
    '%s is no HTTP proxy, and its password is not repeated',
    HTTPS_PROXY => {
      const find = () => createProxyRules(name => ({ HTTPS_PROXY })[name])(new URL(API))
      expect(find).toThrow('HTTPS_PROXY does not name an HTTP proxy')
      expect(find).not.toThrow('secret')
    },
  )
})

describe('what goes wrong on the way', () => {
  test.each([
    ['without', undefined],
    ['with the wrong', `Basic ${Buffer.from('ana:wrong-secret').toString('base64')}`],
  ])("a 407 %s password is named as the proxy's refusal", async (_, authorization) => {
    const proxy = await startConnectProxy({ credentials: 'ana:secret' })
    const api = await startApi({ apiKey: KEY })
    const found = { ...proxy.asFound, ...(authorization && { authorization }) }
    const provider = testProvider(api.url, { findProxy: () => found })
    const failure = await failureOf(requestPicture(provider))
    expect(failure).toMatchObject({
      code: 'NOT_SENT',
      outcome: 'not-processed',
      retryable: false,
      scope: 'run',
    })
    expect(failure.message).toContain(
      `The proxy ${proxy.url} of HTTPS_PROXY refuses the connection with 407.`,
    )
    expect(failure.message).toContain('user:password@')
    expect(failure.message).not.toMatch(/secret|Basic/)
    expect(api.count).toBe(0)
  })

  test.each([
    [502, true],
    [403, false],
  ])('a %i of the proxy has sent nothing', async (status, retryable) => {
    const proxy = await startConnectProxy({ status })
    const provider = testProvider('http://127.0.0.1:9/v1', { findProxy: () => proxy.asFound })
    expect(await failureOf(requestPicture(provider))).toMatchObject({
      code: 'NOT_SENT',
      outcome: 'not-processed',
      retryable,
    })
  })

  test('a proxy that is not there, or is silent, has sent nothing', async () => {
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    for (const url of [new URL('http://127.0.0.1:1'), new URL(`http://127.0.0.1:${port}`)]) {
      const provider = testProvider('http://127.0.0.1:9/v1', {
        findProxy: () => ({ url, variable: 'HTTPS_PROXY' }),
        timeout: { silence: 200, total: 200 },
      })
      expect(await failureOf(requestPicture(provider))).toMatchObject({
        code: 'NOT_SENT',
        outcome: 'not-processed',
      })
      await provider.close()
    }
  })

  test.each([
    ['a reset', resetBeforeHeaders, { code: 'CONNECTION_LOST', outcome: 'uncertain' }],
    [
      'half an answer',
      cutBody('{"data":[]}', 4),
      { code: 'CONNECTION_LOST', outcome: 'uncertain' },
    ],
    ['silence', silence, { code: 'TIMEOUT', outcome: 'uncertain' }],
  ])('%s behind the proxy is uncertain', async (_, fault, expected) => {
    const server = await createFaultServer(fault)
    onTestFinished(() => server.close())
    const proxy = await startConnectProxy()
    const provider = testProvider(server.url, {
      findProxy: () => proxy.asFound,
      timeout: { silence: 300, total: 5_000 },
    })
    expect(await failureOf(requestPicture(provider))).toMatchObject(expected)
  })
})

describe('the address of a picture', () => {
  const read = async (link: string, to: number) => {
    const proxy = await startConnectProxy({ to })
    const provider = testProvider('https://api.example.test/v1', {
      findProxy: () => proxy.asFound,
    })
    onTestFinished(() => provider.close())
    const pieces: Uint8Array[] = []
    for await (const piece of provider.download(link)) pieces.push(Buffer.from(piece))
    return { text: Buffer.concat(pieces).toString(), log: proxy.log }
  }

  test('is read through the proxy, which resolves its name', async context => {
    const identity = makeIdentity('pictures.example.test')
    context.skip(!identity, 'openssl is missing')
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    onTestFinished(() => void vi.unstubAllEnvs())
    const server = createHttpsServer(identity ?? {}, (_, response) => response.end('picture'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    expect(await read('https://pictures.example.test/1.png', port)).toEqual({
      text: 'picture',
      log: ['pictures.example.test:443 200'],
    })
  })

  test('must not be one of a private network behind it', async () => {
    const failure = await failureOf(read('https://10.1.2.3/1.png', 9))
    expect(failure).toMatchObject({ code: 'DOWNLOAD_FAILED', outcome: 'unusable' })
  })
})

test('a build goes through the proxy of the environment, with its own authority', async context => {
  const identity = makeIdentity('api.example.test')
  context.skip(!identity, 'openssl is missing')
  const api = await startApi()
  const front = createTlsServer(identity ?? {}, socket => {
    const upstream = connect(Number(new URL(api.url).port), '127.0.0.1')
    socket.pipe(upstream).pipe(socket)
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  onTestFinished(() => void front.close())
  const proxy = await startConnectProxy({
    credentials: 'ana:p@ss-word',
    to: (front.address() as AddressInfo).port,
  })
  const project = await createProject({
    'hero.image.yaml': 'prompt: A lighthouse\n',
    'package.json': '{ "name": "site" }',
  })
  const authority = path.join(project.root, 'ca.pem')
  await writeFile(authority, identity?.cert ?? '')
  const run = (env: Readonly<Record<string, string>>) =>
    promisify(execFile)(
      process.execPath,
      ['--import', 'jiti/register', path.join(import.meta.dirname, 'children/generate.ts')],
      {
        timeout: 120_000,
        cwd: path.resolve(import.meta.dirname, '../..'),
        env: {
          PATH: process.env.PATH,
          TEST_ROOT: project.root,
          LLMEASY_API_KEY: KEY,
          LLMEASY_BASE_URL: 'https://api.example.test/v1',
          NODE_EXTRA_CA_CERTS: authority,
          ...env,
        },
      },
    )
  const url = new URL(proxy.url)
  const refused = await run({ HTTPS_PROXY: `http://ana:wrong-word@${url.host}` })
  expect(refused.stdout).toContain(`The proxy ${proxy.url} of HTTPS_PROXY refuses`)
  expect(refused.stdout + refused.stderr).not.toContain('wrong-word')
  expect(api.count).toBe(0)

  const done = await run({ https_proxy: `http://ana:p%40ss-word@${url.host}` })
  expect(done.stdout).toContain('"generated"')
  expect(proxy.log).toEqual(['api.example.test:443 407', 'api.example.test:443 200'])
  expect(api.billed).toBe(1)
}, 240_000)
