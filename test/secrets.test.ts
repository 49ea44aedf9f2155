import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { rspack } from '@rspack/core'
import { build as esbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import sharp from 'sharp'
import { createLogger, createServer, build as viteBuild } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import webpack from 'webpack'
import { RunError } from '../src/api.ts'
import esbuildPlugin from '../src/esbuild.ts'
import rolldownPlugin from '../src/rolldown.ts'
import rollupPlugin from '../src/rollup.ts'
import rspackPlugin from '../src/rspack.ts'
import { withoutMarks } from '../src/text/shown-text.ts'
import vitePlugin from '../src/vite.ts'
import webpackPlugin from '../src/webpack.ts'
import type { ApiServer } from './api-server/server.ts'
import { createFaultServer } from './fault-server/fault-server.ts'
import { answer, resetInsideBody } from './fault-server/faults.ts'
import { createProject, failureOf, open, type Project, startApi } from './support/project.ts'
import { prepareBin } from './support/run-bin.ts'

/** Looks like nothing else, and has characters that encodings change. */
const CANARY = 'sk-canary+7f3a/Q9zJ=wQ~plover'

/** Words that stand in a prompt and nowhere else. */
const PROMPT = 'seen by plovers'

/** Every form in which the key could lie around; base64 at each of its three alignments. */
const FORMS: readonly string[] = [
  CANARY,
  encodeURIComponent(CANARY),
  ...[0, 1, 2].map(shift =>
    Buffer.from('x'.repeat(shift) + CANARY)
      .toString('base64')
      // The first and last letters depend on what stands beside the key.
      .slice(4, -4),
  ),
  Buffer.from(CANARY).toString('base64url'),
  Buffer.from(CANARY).toString('hex'),
  JSON.stringify(CANARY).slice(1, -1).replaceAll('/', '\\/'),
]

function expectNoKey(text: string, where: string): void {
  for (const form of FORMS) expect(text.includes(form), `${form} in ${where}`).toBe(false)
}

async function expectNoKeyBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile())
  for (const { parentPath, name } of files) {
    const file = path.join(parentPath, name)
    expectNoKey(name, 'a file name')
    expectNoKey(await readFile(file, 'latin1'), file)
  }
  return files.length
}

const SITE = `defaults: { size: 1024x1024 }
images:
  hero: { prompt: A lighthouse seen by plovers, output: { formats: [webp, png], widths: [16], placeholder: blur } }
  night: { prompt: The same at night, references: [{ image: hero }] }
  flaky: { prompt: Gulls that come at the second try }
  rejected: { prompt: Something that is refused }
  spoilt: { prompt: A picture that comes as a text }
  chatty: { prompt: A picture with remarks }
`

/** An API that tells the key wherever it can. */
function scriptTalkativeApi(api: ApiServer): void {
  const headers = { 'x-debug-authorization': `Bearer ${CANARY}`, 'set-cookie': `k=${CANARY}` }
  const error = (code: string) => ({
    error: { message: `Denied for Bearer ${CANARY}.`, type: CANARY, param: CANARY, code },
  })
  api.failWhen('second try', { status: 503, headers, body: error('overloaded') }, 1)
  api.failWhen('refused', { status: 400, headers, body: error('moderation_blocked') })
  api.failWhen('as a text', {
    headers,
    body: { data: [{ b64_json: 'Tm8gcGljdHVyZS4=' }], request: { authorization: CANARY } },
  })
  api.failWhen('remarks', {
    headers,
    body: {
      data: [
        {
          b64_json:
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          revised_prompt: `Drawn for ${CANARY}`,
          request: { authorization: `Bearer ${CANARY}` },
        },
      ],
      [CANARY]: 'a name of a field',
    },
  })
}

async function createSite(): Promise<Project> {
  const project = await createProject({
    'package.json': '{"type":"module"}',
    'site.image.yaml': SITE,
    'main.js': `import { hero, night } from './site.image.yaml'\nconsole.log(hero, night)\n`,
    'index.html': '<script type="module" src="./main.js"></script>',
  })
  return project
}

test('a key leaves no trace, whatever goes wrong', async () => {
  const project = await createSite()
  const api = await startApi({ apiKey: CANARY })
  scriptTalkativeApi(api)
  const { pipeline, events } = await open(project, api.url, { env: { LLMEASY_API_KEY: CANARY } })
  const error = await failureOf(pipeline.generate())
  expect(error).toBeInstanceOf(RunError)
  expect((error as RunError).errors.map(({ message }) => message).join('\n')).toContain('[API key]')
  expect(api.requests.every(({ headers }) => headers.authorization?.includes(CANARY))).toBe(true)

  expectNoKey(inspect(error, { depth: 20, showHidden: true }), 'the error')
  expectNoKey(inspect(events, { depth: 20, showHidden: true }), 'the events')
  expectNoKey(inspect(pipeline, { depth: 20, showHidden: true }), 'the pipeline')
  expect(await expectNoKeyBelow(project.root)).toBeGreaterThan(10)
})

test.each([
  ['breaks inside the answer', resetInsideBody(JSON.stringify({ error: { message: CANARY } }))],
  ['fails with a page', answer({ status: 500, body: `<p>${CANARY}</p>` })],
  ['fails with a long page', answer({ status: 500, body: `${'a'.repeat(290)} ${CANARY}` })],
  ['answers with a text', answer({ body: `${CANARY} is no JSON` })],
  ['answers with half a text', answer({ body: `{"error": "${CANARY}` })],
  [
    'hides an error in a 200',
    answer({ body: JSON.stringify({ error: { message: CANARY, code: CANARY } }) }),
  ],
  [
    'encodes what it quotes',
    answer({
      status: 400,
      body: JSON.stringify({
        error: {
          message: `Basic ${Buffer.from(`api:${CANARY}`).toString('base64')} ${encodeURIComponent(CANARY)}`,
          code: [...CANARY].join('\u{202e}\u0000'),
        },
      }),
    }),
  ],
  ['refuses the key', answer({ status: 401, body: JSON.stringify({ error: CANARY }) })],
] as const)('nor where the server %s', async (_name, fault) => {
  const project = await createProject({ 's.image.yaml': 'prompt: A lighthouse\n' })
  const server = await createFaultServer(fault)
  onTestFinished(() => server.close())
  const { pipeline, events } = await open(project, server.url, {
    env: { LLMEASY_API_KEY: CANARY },
    provider: { retry: { delays: [1] } },
  })
  const error = await failureOf(pipeline.generate())
  await pipeline.close()
  expect(server.requests.length).toBeGreaterThan(0)
  const seen = inspect([error, events], { depth: 20, showHidden: true })
  expectNoKey(seen, 'the error and the events')
  // What is left of one when a message is shortened, or when a terminal drops what it obeys.
  expect(withoutMarks(seen)).not.toContain(CANARY.slice(0, 8))
  await expectNoKeyBelow(project.root)
})

test('nor where a server leads elsewhere', async () => {
  const project = await createProject({ 's.image.yaml': 'prompt: A lighthouse\n' })
  const elsewhere = await createFaultServer(answer())
  const location = `${elsewhere.url}/images?key=${encodeURIComponent(CANARY)}`
  const server = await createFaultServer(answer({ status: 307, headers: { location } }))
  onTestFinished(() => Promise.all([server.close(), elsewhere.close()]).then(() => undefined))
  const { pipeline, events } = await open(project, server.url, { env: { LLMEASY_API_KEY: CANARY } })
  const error = await failureOf(pipeline.generate())
  expectNoKey(inspect([error, events], { depth: 20, showHidden: true }), 'the error and the events')
  expect(elsewhere.connections).toBe(0)
  await expectNoKeyBelow(project.root)
})

/** The same picture with a remark, as programs that draw leave one in their files. */
async function withRemark(format: 'png' | 'jpeg' | 'webp', remark: string): Promise<Buffer> {
  const picture = sharp({ create: { width: 32, height: 32, channels: 3, background: '#38bdf8' } })
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>${remark}</a></x:xmpmeta>`
  const bytes = await picture
    .withExif({ IFD0: { ImageDescription: remark } })
    .withXmp(xmp)
    .toFormat(format)
    .toBuffer()
  if (format !== 'png') return bytes
  const data = Buffer.from(`tEXtworkflow\0{"authorization":"Bearer ${remark}"}`, 'latin1')
  const chunk = Buffer.alloc(data.length + 8)
  chunk.writeUInt32BE(data.length - 4)
  data.copy(chunk, 4)
  chunk.writeInt32BE(crc32(data), data.length + 4)
  // Behind the signature and the header.
  return Buffer.concat([bytes.subarray(0, 33), chunk, bytes.subarray(33)])
}

function crc32(bytes: Buffer): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc
}

test.each([
  ['png', 'in base64', 'as it is'],
  ['png', 'in base64', 'in base64'],
  ['jpeg', 'in base64', 'as it is'],
  ['webp', 'in base64', 'in base64'],
  ['png', 'as the body', 'as it is'],
  ['png', 'behind an address', 'in base64'],
] as const)(
  'nor in a picture that is published as it came: %s %s, the key %s',
  async (format, how, encoding) => {
    const project = await createProject({
      'package.json': '{"type":"module"}',
      's.image.yaml': 'prompt: A lighthouse\n',
      'main.js': "import s from './s.image.yaml'\nconsole.log(s)\n",
    })
    const remark =
      encoding === 'as it is' ? CANARY : Buffer.from(`Bearer ${CANARY}`).toString('base64')
    const picture = await withRemark(format, remark)
    expect(picture.includes(remark)).toBe(true)
    const server = await createFaultServer(
      ...(how === 'in base64'
        ? [answer({ body: JSON.stringify({ data: [{ b64_json: picture.toString('base64') }] }) })]
        : []),
      ...(how === 'behind an address'
        ? [answer({ body: JSON.stringify({ data: [{ url: '/pictures/1' }] }) })]
        : []),
      ...(how === 'in base64' ? [] : [answer({ body: picture })]),
    )
    onTestFinished(() => server.close())
    vi.stubEnv('LLMEASY_API_KEY', CANARY)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const bundle = await rollup({
      input: path.join(project.root, 'main.js'),
      plugins: [
        rollupPlugin({
          root: project.root,
          onSizeMismatch: 'ignore',
          provider: { baseURL: server.url },
        }),
      ],
      onwarn() {},
    })
    await bundle.write({ dir: path.join(project.root, 'dist'), format: 'es' })
    await bundle.close()
    const name = (await project.files('dist')).find(file => /\.(?:png|jpg|webp)$/.test(file))
    const published = await readFile(path.join(project.root, name ?? 'nothing'))
    if (format === 'png') expect(published).toHaveLength(picture.length)
    expect(await sharp(published, { failOn: 'error' }).stats()).toBeDefined()
    await expectNoKeyBelow(project.root)
  },
)

/** Builds `main.js` with a source map into a folder, and returns what the host said. */
type Build = (root: string, dir: string) => Promise<string>

const BUILDS: Readonly<Record<string, Build>> = {
  async vite(root, outDir) {
    const said: string[] = []
    const customLogger = createLogger('info')
    for (const level of ['info', 'warn', 'error'] as const) {
      customLogger[level] = message => void said.push(message)
    }
    const plugins = [vitePlugin()]
    const build = { outDir, sourcemap: true }
    await viteBuild({ root, configFile: false, customLogger, plugins, build })
    return said.join('\n')
  },
  async rollup(root, dir) {
    const said: string[] = []
    const bundle = await rollup({
      input: path.join(root, 'main.js'),
      plugins: [rollupPlugin({ root })],
      onLog: (_level, { message }) => void said.push(message),
    })
    await bundle.write({ dir, format: 'es', sourcemap: true })
    await bundle.close()
    return said.join('\n')
  },
  async rolldown(root, dir) {
    const said: string[] = []
    const bundle = await rolldown({
      input: path.join(root, 'main.js'),
      plugins: [rolldownPlugin({ root })],
      onLog: (_level, { message }) => void said.push(message),
    })
    await bundle.write({ dir, format: 'es', sourcemap: true })
    await bundle.close()
    return said.join('\n')
  },
  async webpack(root, dir) {
    const compiler = webpack({
      context: root,
      entry: './main.js',
      devtool: 'source-map',
      cache: { type: 'filesystem', cacheDirectory: `${dir}-cache` },
      output: { path: dir },
      plugins: [webpackPlugin()],
    })
    return saidBy(compiler)
  },
  async rspack(root, dir) {
    const compiler = rspack({
      context: root,
      entry: './main.js',
      devtool: 'source-map',
      output: { path: dir },
      plugins: [rspackPlugin()],
    })
    return saidBy(compiler)
  },
  async esbuild(absWorkingDir, outdir) {
    const result = await esbuild({
      absWorkingDir,
      entryPoints: ['main.js'],
      outdir,
      bundle: true,
      format: 'esm',
      sourcemap: true,
      metafile: true,
      logLevel: 'silent',
      plugins: [esbuildPlugin()],
    })
    return JSON.stringify(result)
  },
}

interface Compiler {
  run(
    done: (
      error: Error | null,
      stats?: { hasErrors(): boolean; toString(preset: 'verbose'): string },
    ) => void,
  ): void
  close(done: () => void): void
}

function saidBy(compiler: Compiler): Promise<string> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      const said = stats?.toString('verbose') ?? ''
      compiler.close(() => (error || stats?.hasErrors() ? reject(error ?? said) : resolve(said)))
    })
  })
}

test.each(Object.entries(BUILDS))(
  'nor in what %s writes, source maps included, nor does a prompt',
  async (name, build) => {
    const project = await createSite()
    const { root } = project
    const api = await startApi({ apiKey: CANARY })
    vi.stubEnv('LLMEASY_API_KEY', CANARY)
    vi.stubEnv('LLMEASY_BASE_URL', api.url)
    onTestFinished(() => {
      vi.unstubAllEnvs()
    })
    const said = await build(root, path.join(root, 'dist', name))
    const files = await project.files(`dist/${name}`)
    expect(files.some(file => file.endsWith('.js'))).toBe(true)
    expect(files.some(file => file.endsWith('.map'))).toBe(true)
    expectNoKey(said, 'what the bundler said')
    expect(said).not.toContain(PROMPT)
    for (const file of files) {
      expect(await readFile(path.join(root, file), 'latin1'), file).not.toContain(PROMPT)
    }
    expect(await expectNoKeyBelow(root)).toBeGreaterThan(20)
  },
  60_000,
)

test('nor in what a development server sends, and a prompt only in the gallery', async () => {
  const project = await createSite()
  const api = await startApi({ apiKey: CANARY })
  scriptTalkativeApi(api)
  vi.stubEnv('LLMEASY_API_KEY', CANARY)
  vi.stubEnv('LLMEASY_BASE_URL', api.url)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const said: string[] = []
  const customLogger = createLogger('info')
  for (const level of ['info', 'warn', 'error'] as const) {
    customLogger[level] = (message, options) => void said.push(message, inspect(options))
  }
  const server = await createServer({
    root: project.root,
    configFile: false,
    customLogger,
    server: { host: '127.0.0.1', port: 0 },
    plugins: [vitePlugin({ provider: { retry: { delays: [1] } }, onSizeMismatch: 'ignore' })],
  })
  onTestFinished(() => server.close())
  await server.listen()
  const sent = vi.spyOn(server.ws, 'send')
  const origin = server.resolvedUrls?.local[0] ?? ''
  const read = async (url: string): Promise<string> => {
    const answer = await fetch(new URL(url, origin), {
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    return `${inspect(answer.headers)}\n${Buffer.from(await answer.arrayBuffer()).toString('latin1')}`
  }
  const main = await read('main.js')
  const manifest = /"(\/site\.image\.yaml[^"]*)"/.exec(main)?.[1] ?? ''
  await read(manifest)
  // One of the six comes at its second try.
  await vi.waitFor(() => expect(api.requests.length).toBeGreaterThan(6), 20_000)
  const data = await read('__imagegen/data.json')
  expect(data).toContain(PROMPT)
  expectNoKey(data, 'the data of the gallery')
  const module = await read(manifest)
  const client = /"(\/@id\/[^"]*imagegen\/client[^"]*)"/.exec(module)?.[1] ?? ''
  const asset = /(\/__imagegen\/assets\/[^"\s,\\]+)/.exec(module)?.[1] ?? ''
  expect([client, asset]).not.toContain('')
  const others = ['', 'main.js', client, asset, 'site.image.yaml', '__imagegen/', 'missing.js']
  const forPages = [module, ...(await Promise.all(others.map(read)))]
  const everything = [...forPages, ...said, inspect(sent.mock.calls, { depth: 20 })].join('\n')
  expectNoKey(everything, 'what the server sent and said')
  expect(everything).not.toContain(PROMPT)
  await server.close()
  await expectNoKeyBelow(project.root)
}, 60_000)

test('nor in what the command line prints', async () => {
  const project = await createSite()
  const api = await startApi({ apiKey: CANARY })
  scriptTalkativeApi(api)
  const bin = await prepareBin()
  onTestFinished(() => bin.remove())
  await project.write({
    'imagegen.config.json': JSON.stringify({
      provider: { retry: { delays: [1] } },
      onSizeMismatch: 'ignore',
    }),
  })
  const env = { LLMEASY_API_KEY: CANARY, LLMEASY_BASE_URL: api.url }
  const commands = [
    ['plan'],
    ['generate', '--json'],
    ['generate', '--debug'],
    ['generate', '--again', 'site.image.yaml#spoilt'],
    ['plan', '--json'],
    ['check'],
    ['sync'],
    ['gallery', '--json'],
    ['prune'],
    ['push', '--debug'],
    ['init', '--yes'],
  ]
  for (const command of commands) {
    const { stdout, stderr } = await bin.run(command, { cwd: project.root, env })
    expect(stdout + stderr, command.join(' ')).not.toBe('')
    expectNoKey(stdout + stderr, `imagegen ${command.join(' ')}`)
  }
  // Journal, ledger, records of builds and of what was unusable, renditions, the static gallery.
  for (const file of ['.imagegen/unusable', '.imagegen/local', '.imagegen/entries']) {
    expect(await project.files(file), file).not.toEqual([])
  }
  expect(await project.files('imagegen-gallery')).toContain('imagegen-gallery/data.js')
  await expectNoKeyBelow(project.root)
})
