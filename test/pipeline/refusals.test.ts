import { expect, onTestFinished, test } from 'vitest'
import { RunError } from '../../src/api.ts'
import type { Reply } from '../api-server/script.ts'
import { createFaultServer, type Fault, refusedUrl } from '../fault-server/fault-server.ts'
import {
  answer,
  misannounce,
  resetBeforeHeaders,
  resetInsideBody,
  silence,
} from '../fault-server/faults.ts'
import { createProject, failureOf, open, plain, startApi } from '../support/project.ts'

/** `hero` fails in these tests, `hero-night` needs it, and `team` is nobody's business. */
const SITE = `defaults: { size: 1024x1024 }
images:
  team: { prompt: Two keepers }
  hero: { prompt: A lighthouse on a cliff }
  hero-night: { prompt: The same at night, references: [{ image: hero }] }
`

const LEFT_OUT =
  '- s.image.yaml#hero-night was skipped: it depends on s.image.yaml#hero, which failed.'
const OTHER_KEPT = 'The other one is generated and kept. The next run requests only the rest.'

/** What Node itself says on stderr, of leaks and the like. */
function complaintsOfNode(): readonly Error[] {
  const complaints: Error[] = []
  const note = (warning: Error) => complaints.push(warning)
  process.on('warning', note)
  onTestFinished(() => {
    process.off('warning', note)
  })
  return complaints
}

function refusal(code: string, message: string): object {
  return { error: { message, type: 'some_error', param: null, code } }
}

async function runAgainst(set: Reply, options: Parameters<typeof open>[2] = {}) {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi()
  api.failWhen('lighthouse', set)
  const { pipeline, events } = await open(project, api.url, options)
  const error = await failureOf(pipeline.generate())
  const ended = events.find(event => event.type === 'run-end')
  return {
    project,
    api,
    pipeline,
    error,
    report: ended?.type === 'run-end' ? ended.report : undefined,
    message: plain(error.message, project, api.url),
  }
}

/** What one image's own fault looks like, whatever it is: the others are made and kept. */
const OWN_FAULTS: readonly (readonly [string, Reply, string])[] = [
  [
    'moderation',
    {
      status: 400,
      body: refusal('moderation_blocked', 'Rejected by the safety system. safety_violations=[x].'),
    },
    'The API at <api> answered 400 (moderation_blocked): “Rejected by the safety system. safety_violations=[x]”. Change the prompt or the references.',
  ],
  [
    'a rejected field',
    { status: 400, body: refusal('invalid_value', 'Unknown parameter: style.') },
    'The API at <api> answered 400 (invalid_value): “Unknown parameter: style”.',
  ],
  [
    'a rate limit without end',
    { status: 429, headers: { 'retry-after': 'soon' }, body: refusal('rate_limit', 'Slow down.') },
    'The API at <api> answered 429 (rate_limit): “Slow down”. That was attempt 4 of 4.',
  ],
  [
    'a rate limit that asks for an hour',
    { status: 429, headers: { 'retry-after': '3600' }, body: refusal('rate_limit', 'Slow down.') },
    'The API at <api> answered 429 (rate_limit): “Slow down”. It asks to wait 3600 s, longer than `retry.maxDelay` (120 s): build again later, or raise `retry.maxDelay`.',
  ],
  [
    'a server that is down',
    { status: 503, body: '<html><h1>Service Unavailable</h1></html>' },
    'The API at <api> answered 503: “Service Unavailable”. That was attempt 4 of 4. 4 attempts under request ID <request ID> may have been billed; the next run asks again under the same ID.',
  ],
]

test.each(OWN_FAULTS)('%s of one image leaves the others alone', async (_name, reply, words) => {
  const { api, message, pipeline, error } = await runAgainst(reply)
  expect(message).toBe(
    `2 of 3 images failed:\n- s.image.yaml#hero: ${words}\n${LEFT_OUT}\n${OTHER_KEPT}`,
  )
  expect(error).toBeInstanceOf(RunError)
  expect((error as RunError).errors.length).toBe(2)
  // What was made is there, and the rest is all that the next run asks for.
  api.reset()
  const report = await pipeline.generate({ again: true })
  expect(report.images.map(({ image, outcome }) => [image.name, outcome])).toEqual([
    ['team', 'cached'],
    ['hero', 'generated'],
    ['hero-night', 'generated'],
  ])
  expect(api.count).toBe(2)
})

test.each([
  [
    'a page with status 200',
    { body: '<html><h1>Sign in</h1></html>' },
    /cannot be read: it starts with “Sign in” instead of JSON\./,
  ],
  ['an empty list', { body: { data: [] } }, /cannot be read: its list `data` is empty\./],
])(
  '%s of one image leaves the others alone, and is requested once',
  async (_name, reply, words) => {
    const { api, message, pipeline } = await runAgainst(reply)
    expect(message).toMatch(words)
    expect(message).toContain('`imagegen generate --again s.image.yaml#hero`')
    expect(message).toContain(OTHER_KEPT)
    expect(api.count).toBe(2)
    await failureOf(pipeline.generate())
    expect(api.count).toBe(2)
  },
)

test('the report counts what failed images cost', async () => {
  const { report } = await runAgainst({ status: 502, body: '' })
  expect(report).toMatchObject({
    requests: 5,
    possiblyBilledTwice: 4,
    images: [
      { outcome: 'generated', attempts: 1 },
      { outcome: 'failed', attempts: 4, possiblyBilledTwice: 4 },
      { outcome: 'skipped', attempts: 0 },
    ],
  })
  expect(report?.waited).toBeGreaterThan(0)
})

test('an outage stops the run soon, also when the budget leaves no room for retries', async () => {
  const names = Array.from({ length: 30 }, (_, index) => `i${index}`)
  const images = names.map(name => `  ${name}: { prompt: ${name} }\n`).join('')
  const project = await createProject({ 'a.image.yaml': `images:\n${images}` })
  const api = await startApi()
  api.failWhen('i', { status: 504 })
  const { pipeline } = await open(project, api.url, {
    budget: { images: names.length },
    provider: { concurrency: 4 },
  })
  const error = await failureOf(pipeline.generate())
  expect(error.message).toContain('Before that: The API')
  // Three in a row, and those under way beside them.
  expect(api.count).toBeLessThan(12)
})

test('an uncertain attempt stops its image when told to, and the message says how to go on', async () => {
  const { api, message, project } = await runAgainst(
    { status: 504, body: '' },
    { provider: { retry: { uncertain: 'stop' } } },
  )
  expect(message).toContain(
    '- s.image.yaml#hero: The API at <api> answered 504. 1 attempt under request ID <request ID> may have been billed, and `retry.uncertain` is "stop", so no new request is sent. Ask the API\'s support about that ID, or request it again with `imagegen generate s.image.yaml#hero --retry-uncertain`.',
  )
  // The next run sends nothing either, until told to.
  api.reset()
  const next = await open(project, api.url, { provider: { retry: { uncertain: 'stop' } } })
  await failureOf(next.pipeline.generate())
  expect(api.count).toBe(0)
  await next.pipeline.generate({ uncertain: 'retry' })
  expect(api.count).toBe(2)
})

test.each([
  ['401', { status: 401, body: refusal('invalid_api_key', 'Incorrect API key: test-key.') }],
  ['403', { status: 403, body: '' }],
  ['402', { status: 402, body: refusal('insufficient_quota', 'You exceeded your quota.') }],
  ['429', { status: 429, body: refusal('insufficient_quota', 'You exceeded your quota.') }],
] as const)(
  '%s for the whole account stops the run and tells how many are left',
  async (status, reply) => {
    const names = Array.from({ length: 30 }, (_, index) => `picture-${index}`)
    const project = await createProject({
      's.image.yaml': `images:\n${names.map(name => `  ${name}: { prompt: ${name}. }\n`).join('')}`,
    })
    const api = await startApi()
    // Which image comes first is nobody's promise: the answer counts, not whose it is.
    api.failNext(reply)
    const complaints = complaintsOfNode()
    const { pipeline } = await open(project, api.url, { provider: { concurrency: 1 } })
    const error = await failureOf(pipeline.generate())
    expect(api.count).toBe(1)
    const left = 29
    const [head, cause, stopped, ...rest] = error.message.split('\n')
    expect(head).toBe('1 of 30 images failed:')
    expect(cause).toMatch(new RegExp(`^- s.image.yaml#picture-\\d+: The API .+ answered ${status}`))
    expect(stopped).toContain(
      `The run stopped because of that, and ${left} images were not requested: `,
    )
    expect(stopped).toMatch(new RegExp(`, … and ${left - 20} more\\.$`))
    expect(rest).toEqual([])
    expect(error.message).not.toContain('test-key')

    // A pipeline that lives on, as a dev server's does, asks again once the account is in order.
    api.reset()
    const images = [{ manifest: 's.image.yaml', name: 'picture-3' }]
    await pipeline.generate({ images })
    expect(api.count).toBe(1)
    expect(complaints).toEqual([])
  },
)

test('a key that is refused for all is told once', async () => {
  const project = await createProject({ 's.image.yaml': SITE })
  const api = await startApi({ apiKey: 'another-key' })
  const { pipeline } = await open(project, api.url)
  const { message } = await failureOf(pipeline.generate())
  expect(message.match(/answered 401/g)?.length).toBe(1)
  expect(message).toContain('Check the API key and its permissions.')
})

const BROKEN: readonly (readonly [string, Fault, RegExp])[] = [
  ['a reset before the headers', resetBeforeHeaders, /broke before the answer was complete/],
  ['a reset inside the body', resetInsideBody('{"data":[{"b64_json":"iVBORw0KGgo'), /broke before/],
  [
    'a length that is too long',
    misannounce('{"data":[]}', 5),
    /broke before the answer was complete/,
  ],
  ['silence', silence, /did not answer in full within the 0\.2 s of `provider\.timeout/],
  [
    'a redirect to another origin',
    answer({ status: 307, headers: { location: 'https://elsewhere.example/v1/images' } }),
    /a redirect to https:\/\/elsewhere\.example\. Redirects are not followed, .+ Set `provider\.baseURL`/,
  ],
]

test.each(BROKEN)('%s', async (name, fault, words) => {
  const project = await createProject({ 's.image.yaml': 'prompt: A lighthouse\n' })
  const server = await createFaultServer(fault)
  onTestFinished(() => server.close())
  const { pipeline } = await open(project, server.url, { provider: { timeout: 200 } })
  const { message } = await failureOf(pipeline.generate())
  expect(message).toMatch(/^1 of 1 image failed:\n- s\.image\.yaml#s: The /)
  expect(message).toMatch(words)
  if (name.startsWith('a redirect')) expect(server.requests.length).toBe(1)
  else expect(message).toContain('That was attempt 4 of 4. 4 attempts under request ID')
})

test('a refused connection is told once, and certainly cost nothing', async () => {
  const manifest = `images:
  hero: { prompt: A lighthouse }
  hero-night: { prompt: At night, references: [{ image: hero }] }
`
  const project = await createProject({ 's.image.yaml': manifest })
  const { pipeline } = await open(project, await refusedUrl())
  const error = await failureOf(pipeline.generate())
  expect(plain(error.message, project)).toBe(`2 of 2 images failed:
- s.image.yaml#hero: No connection to the API at http://127.0.0.1:<port>/v1 (connect ECONNREFUSED 127.0.0.1:<port>): nothing was sent. Check the network and \`provider.baseURL\`. That was attempt 4 of 4.
${LEFT_OUT}`)
})
