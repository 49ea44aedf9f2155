import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { rollup } from 'rollup'
import sharp from 'sharp'
import { build as viteBuild } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import webpack from 'webpack'
import { RunError } from '../src/api.ts'
import rollupPlugin from '../src/rollup.ts'
import { withoutMarks } from '../src/text/shown-text.ts'
import vitePlugin from '../src/vite.ts'
import webpackPlugin from '../src/webpack.ts'
import type { ApiServer } from './api-server/server.ts'
import { prepareBin } from './cli/run-bin.ts'
import { createFaultServer } from './fault-server/fault-server.ts'
import { answer, resetInsideBody } from './fault-server/faults.ts'
import { createProject, failureOf, open, type Project, startApi } from './pipeline/project.ts'

/** Looks like nothing else, and has characters that encodings change. */
const CANARY = 'sk-canary+7f3a/Q9zJ=wQ~plover'

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
  hero: { prompt: A lighthouse, output: { formats: [webp, png], widths: [16], placeholder: blur } }
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

test('nor in what bundlers write', async () => {
  const project = await createSite()
  const { root } = project
  const api = await startApi({ apiKey: CANARY })
  vi.stubEnv('LLMEASY_API_KEY', CANARY)
  vi.stubEnv('LLMEASY_BASE_URL', api.url)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const warnings: string[] = []
  await viteBuild({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [vitePlugin()],
    build: { outDir: 'dist/vite', sourcemap: true },
  })
  const bundle = await rollup({
    input: path.join(root, 'main.js'),
    plugins: [rollupPlugin({ root })],
    onwarn: ({ message }) => warnings.push(message),
  })
  await bundle.write({ dir: path.join(root, 'dist/rollup'), format: 'es', sourcemap: true })
  await bundle.close()
  const stats = await new Promise<string>((resolve, reject) => {
    const compiler = webpack({
      context: root,
      entry: './main.js',
      devtool: 'source-map',
      cache: { type: 'filesystem', cacheDirectory: path.join(root, 'dist/webpack-cache') },
      output: { path: path.join(root, 'dist/webpack') },
      plugins: [webpackPlugin()],
    })
    compiler.run((error, result) => {
      const failure = error ?? (result?.hasErrors() ? new Error(result.toString()) : undefined)
      compiler.close(() => (failure ? reject(failure) : resolve(result?.toString('verbose') ?? '')))
    })
  })
  for (const bundler of ['vite', 'rollup', 'webpack']) {
    const files = await project.files(`dist/${bundler}`)
    expect(files.some(file => file.endsWith('.js'))).toBe(true)
  }
  expectNoKey(warnings.join('\n') + stats, 'what bundlers said')
  expect(await expectNoKeyBelow(root)).toBeGreaterThan(20)
})

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
    ['generate', '--json'],
    ['generate', '--debug'],
    ['plan', '--json'],
    ['gallery', '--json'],
  ]
  for (const command of commands) {
    const { stdout, stderr } = await bin.run(command, { cwd: project.root, env })
    expect(stdout + stderr, command.join(' ')).not.toBe('')
    expectNoKey(stdout + stderr, `imagegen ${command.join(' ')}`)
  }
  await expectNoKeyBelow(project.root)
})
