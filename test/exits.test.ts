import path from 'node:path'
import { build as esbuild } from 'esbuild'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import { createLogger, createServer } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import webpack from 'webpack'
import { guardOutputs } from '../src/bundlers/guard/guard-outputs.ts'
import { refuseQuery, refuseUrl } from '../src/bundlers/manifests/refuse-reference.ts'
import { toRollupError } from '../src/bundlers/rollup-error.ts'
import {
  createPluginSession,
  type OpenPipeline,
  type PluginSession,
} from '../src/bundlers/session/plugin-session.ts'
import { readProcessVariable } from '../src/config/environment.ts'
import { openProject } from '../src/pipeline/open-pipeline.ts'
import type { InternalPipeline } from '../src/pipeline/pipeline.ts'
import type { ApiServer } from './api-server/server.ts'
import {
  BUNDLERS,
  buildWithVite,
  rspackConfig,
  unpluginOf,
  webpackConfig,
} from './bundlers/bundlers.ts'
import { createProject, failureOf, KEY, type Project, startApi } from './support/project.ts'
import { runMain } from './support/run-main.ts'

/** What runners and terminals obey, in the words of an API. */
const EVIL = `nope \u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b2J\u{202e}
::add-mask::a
  ::error file=src/x.ts,line=1::pwned
\u001b[31m::stop-commands::tok
##vso[task.setvariable variable=x]y ##[add-mask]z`

const OBEYED =
  /^[ \t]*::(?!error file=s\.image\.yaml)|##[\w-]*\[|[^\P{Cc}\t\n]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/mu

/** Hosts colour what they print themselves; an API's escapes are of other kinds. */
const COLOR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]+m`, 'g')

async function createSite() {
  const api = await startApi()
  api.failWhen('lighthouse', { status: 400, body: { error: { message: EVIL } } })
  const project = await createProject({
    'package.json': '{"type":"module"}',
    's.image.yaml': 'prompt: A lighthouse\n',
    'main.js': "import s from './s.image.yaml'\nconsole.log(s)\n",
  })
  return { api, project }
}

/** Every text that can be reached from a value, as a host may print it. */
function textsOf(value: unknown, seen = new Set<unknown>()): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || seen.has(value) || seen.size > 2_000) return []
  seen.add(value)
  return Object.getOwnPropertyNames(value).flatMap(name => textsOf(Reflect.get(value, name), seen))
}

test.each([
  ['generate', []],
  ['generate', ['--json']],
  ['generate', ['--debug']],
  ['plan', []],
  ['plan', ['--json']],
  ['check', []],
] as const)('imagegen %s %j', async (command, flags) => {
  const { api, project } = await createSite()
  const env = {
    LLMEASY_API_KEY: KEY,
    LLMEASY_BASE_URL: api.url,
    GITHUB_ACTIONS: 'true',
    CI: 'true',
  }
  if (command !== 'generate') {
    // A reference whose name is a command.
    await project.write({
      's.image.yaml': 'prompt: A lighthouse\nreferences: ["a\\n::error::b##vso[x].png"]\n',
    })
  }
  const { code, stdout, stderr } = await runMain([command, ...flags], project.root, env)
  if (command === 'generate') {
    expect(code).toBe(1)
    expect(stdout + stderr).toContain('pwned')
  }
  expect(stdout).not.toMatch(OBEYED)
  expect(stderr).not.toMatch(OBEYED)
})

/** A file whose name is a command, and whose fault quotes another one. */
const EVIL_NAME = '::error::a##vso[x]\u{202e}\u001b]52;c;eA==\u0007.image.yaml'

test.each([
  [['check']],
  [['check', '--json']],
  [['plan']],
  [['plan', '--json']],
  [['sync']],
  [['sync', '--json']],
  [['gallery']],
  [['prune']],
  [['prune', '--json']],
  [['generate', '--debug']],
  [['pull', '--from', EVIL_NAME]],
  [[EVIL_NAME]],
])('imagegen %j in front of a file with an evil name', async args => {
  const project = await createProject({
    'package.json': '{"type":"module"}',
    [EVIL_NAME]: 'prompt: "a"\n"##vso[b]\\u001b[2J": c\n',
    'good.image.yaml': 'prompt: A lighthouse\n',
  })
  const { code, stdout, stderr } = await runMain(args, project.root, { GITHUB_ACTIONS: 'true' })
  expect(code).toBeGreaterThan(0)
  expect(stdout + stderr).not.toBe('')
  // Annotations of ours begin like that, and say which file they are about.
  const others = (stdout + stderr).replaceAll(/^::error file=[^\n:]*::/gm, 'annotation: ')
  expect(others).not.toMatch(OBEYED)
})

test.each(BUNDLERS.map(bundler => [bundler.name, bundler] as const))(
  'the error of a build with %s',
  async (_name, bundler) => {
    const { api, project } = await createSite()
    const error = await failureOf(
      bundler.build({
        root: project.root,
        open: options =>
          openProject(
            { ...options, provider: { baseURL: api.url } },
            {
              start: project.root,
              readVariable: name => (name === 'LLMEASY_API_KEY' ? KEY : undefined),
            },
          ),
      }),
    )
    const texts = textsOf(error)
    expect(texts.join('\n')).toContain('pwned')
    for (const text of texts) expect(text.replaceAll(COLOR, '')).not.toMatch(OBEYED)
  },
  60_000,
)

function sessionOf({ root }: Project, open: OpenPipeline): PluginSession {
  const session = createPluginSession({}, open, 'rollup')
  session.setRoot(root)
  return session
}

const fails = () => Promise.reject(new Error(EVIL, { cause: new Error(EVIL) }))

/** What hosts are handed beside a manifest's own errors, and print as it is. */
const HANDED: Readonly<Record<string, (project: Project) => Promise<unknown>>> = {
  'a pipeline that cannot be opened': project => sessionOf(project, fails).pipeline(),
  'a manifest in it': ({ root, ...project }) =>
    sessionOf({ root, ...project }, fails).resolve(path.join(root, 's.image.yaml')),
  'a pipeline that cannot be closed': async project => {
    const session = sessionOf(project, async (options, start) =>
      Object.assign(
        await openProject(options, { start: start.start, readVariable: readProcessVariable }),
        { close: fails },
      ),
    )
    await session.pipeline()
    return session.end()
  },
  'a manifest that nobody takes': async project => {
    const session = sessionOf(project, (options, start) =>
      openProject(
        { ...options, exclude: ['**/*'] },
        { start: start.start, readVariable: readProcessVariable },
      ),
    )
    throw await session.unclaimed(path.join(project.root, EVIL_NAME))
  },
  'a query': () => Promise.reject(refuseQuery(`./${EVIL_NAME}?url`, `/${EVIL}.css`)),
  'a URL': () => Promise.reject(refuseUrl(`./${EVIL_NAME}`, `/${EVIL}.css`)),
  'a manifest in an output': async project => {
    await project.write({ [EVIL_NAME]: 'prompt: A lighthouse that is seen from the sea\n' })
    const session = sessionOf(project, (options, start) =>
      openProject(options, { start: start.start, readVariable: readProcessVariable }),
    )
    return guardOutputs(
      session,
      [{ name: `${EVIL}.image.yaml`, content: 'prompt: A lighthouse that is seen from the sea\n' }],
      () => [],
    )
  },
  'a fault at a place': () =>
    Promise.reject(Object.assign(new Error('x'), toRollupError(new Error(EVIL), EVIL_NAME))),
}

test.each(Object.entries(HANDED))('what a host is told of %s', async (_name, fail) => {
  const project = await createProject({ 's.image.yaml': 'prompt: A lighthouse\n' })
  const texts = textsOf(await failureOf(fail(project)))
  expect(texts.join('\n')).toMatch(/pwned|a# #vso|a# vso/)
  for (const text of texts) expect(text).not.toMatch(OBEYED)
})

/** Lets the API send a picture with warnings of its own, which are passed on. */
async function remark(project: Project, api: ApiServer): Promise<void> {
  const picture =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
  await project.write({ 's.image.yaml': 'prompt: A picture with remarks\n' })
  api.failWhen('remarks', { body: { data: [{ b64_json: picture }], warnings: [EVIL] } })
}

/** Runs a build and returns the warnings that its host has of it. */
type Warn = (root: string, open: OpenPipeline) => Promise<readonly string[]>

const WARNED: Readonly<Record<string, Warn>> = {
  async vite(root, open) {
    const warnings: string[] = []
    const customLogger = createLogger('silent')
    customLogger.warn = message => void warnings.push(message)
    await buildWithVite(() => import('vite'), { root, open }, { customLogger })
    return warnings
  },
  async rollup(root, open) {
    const warnings: string[] = []
    const bundle = await rollup({
      input: path.join(root, 'main.js'),
      plugins: [unpluginOf(open).rollup({ root })],
      onwarn: ({ message }) => void warnings.push(message),
    })
    await bundle.generate({})
    await bundle.close()
    return warnings
  },
  async rolldown(root, open) {
    const warnings: string[] = []
    const bundle = await rolldown({
      input: path.join(root, 'main.js'),
      plugins: [unpluginOf(open).rolldown({ root })],
      onLog: (_level, { message }) => void warnings.push(message),
    })
    await bundle.generate({})
    await bundle.close()
    return warnings
  },
  async webpack(root, open) {
    const compiler = webpack(await webpackConfig({ root, open }))
    return warningsOf(compiler)
  },
  async rspack(root, open) {
    const { rspack } = await import('@rspack/core')
    return warningsOf(rspack(rspackConfig({ root, open })))
  },
  async esbuild(root, open) {
    const { warnings } = await esbuild({
      absWorkingDir: root,
      entryPoints: ['main.js'],
      outdir: 'dist',
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      plugins: [unpluginOf(open).esbuild({})],
    })
    return warnings.map(({ text }) => text)
  },
}

interface Stats {
  toJson(options: { all: false; warnings: true }): {
    readonly warnings?: readonly { readonly message: string }[]
  }
}

interface Compiler {
  run(done: (error: Error | null, stats?: Stats) => void): void
  close(done: () => void): void
}

function warningsOf(compiler: Compiler): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    compiler.run((error, stats) => {
      const messages = stats?.toJson({ all: false, warnings: true }).warnings ?? []
      compiler.close(() =>
        error ? reject(error) : resolve(messages.map(({ message }) => message)),
      )
    })
  })
}

test.each(Object.entries(WARNED))(
  'a warning in %s',
  async (_name, warn) => {
    const { api, project } = await createSite()
    await remark(project, api)
    const warnings = await warn(project.root, options =>
      openProject(
        { ...options, provider: { baseURL: api.url } },
        {
          start: project.root,
          readVariable: name => (name === 'LLMEASY_API_KEY' ? KEY : undefined),
        },
      ),
    )
    expect(warnings.join('\n')).toContain('pwned')
    for (const text of warnings) expect(text.replaceAll(COLOR, '')).not.toMatch(OBEYED)
  },
  60_000,
)

test('the log and a refused request of a development server', async () => {
  const { api, project } = await createSite()
  await remark(project, api)
  let tell = (): void => {}
  const told = new Promise<void>(resolve => {
    tell = resolve
  })
  const logged: string[] = []
  const customLogger = createLogger('silent')
  const log = (message: string, { error }: { error?: unknown } = {}): void => {
    logged.push(message, ...textsOf(error))
    if (message.includes('pwned')) tell()
  }
  Object.assign(customLogger, { info: log, warn: log, error: log })
  const opened: InternalPipeline[] = []
  const server = await createServer({
    root: project.root,
    configFile: false,
    customLogger,
    server: { host: '127.0.0.1', port: 0 },
    plugins: [
      unpluginOf(async options => {
        const pipeline = await openProject(
          { ...options, provider: { baseURL: api.url } },
          {
            start: project.root,
            readVariable: name => (name === 'LLMEASY_API_KEY' ? KEY : undefined),
          },
        )
        opened.push(pipeline)
        return pipeline
      }).vite({}),
    ],
  })
  onTestFinished(async () => {
    await server.close()
    // A server does not wait for pictures that are still on their way.
    for (const pipeline of opened) await pipeline.close()
  })
  await server.listen()
  const url = server.resolvedUrls?.local[0] ?? ''
  const page = { headers: { 'sec-fetch-site': 'same-origin' } }
  const main = await (await fetch(`${url}main.js`, page)).text()
  await fetch(new URL(/"(\/s\.image\.yaml[^"]*)"/.exec(main)?.[1] ?? '', url), page)
  await told
  const refused = await fetch(`${url}s.image.yaml?a=%23%23vso[x]y##vso[x]`, {
    headers: { referer: `${url}##vso[x]y` },
  })
  expect(refused.status).toBe(403)
  await project.write({ 's.image.yaml': 'prompt: A lighthouse\n"##vso[b]\\u001b[2J": c\n' })
  await vi.waitFor(() => expect(logged.join('\n')).toContain('vso[b]'), 10_000)
  const seen = [...logged, await refused.text()]
  for (const text of seen) expect(text.replaceAll(COLOR, '')).not.toMatch(OBEYED)
})
