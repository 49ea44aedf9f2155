import { expect, test } from 'vitest'
import { openPipeline } from '../src/api.ts'
import { BUNDLERS } from './bundlers/bundlers.ts'
import { runMain } from './cli/run-main.ts'
import { createProject, failureOf, KEY, startApi } from './pipeline/project.ts'

/** What runners and terminals obey, in the words of an API. */
const EVIL = `nope \u001b]52;c;ZXZpbA==\u0007\u001b[2J\u009b2J\u{202e}
::add-mask::a
  ::error file=src/x.ts,line=1::pwned
\u001b[31m::stop-commands::tok
##vso[task.setvariable variable=x]y ##[add-mask]z`

const OBEYED =
  /^[ \t]*::(?!error file=s\.image\.yaml)|##[\w-]*\[|[^\P{Cc}\t\n]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/mu

/** Hosts colour what they print themselves; an API's escapes are of other kinds. */
const COLOR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g')

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

test.each(BUNDLERS.map(bundler => [bundler.name, bundler] as const))(
  'the error of a build with %s',
  async (_name, bundler) => {
    const { api, project } = await createSite()
    const error = await failureOf(
      bundler.build({
        root: project.root,
        open: options =>
          openPipeline(
            { ...options, provider: { baseURL: api.url } },
            {
              cwd: project.root,
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
