import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AttemptErrorDetails } from '../../src/provider/attempt-error.ts'
import type { Provider } from '../../src/provider/provider.ts'
import type { Reply } from '../api-server/script.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { anAttempt, failureOf, KEY, requestPicture, testProvider } from './attempts.ts'

let api: ApiServer
let provider: Provider

beforeAll(async () => {
  api = await createApiServer({ apiKey: KEY, scale: 0.02 })
  provider = testProvider(api.url)
})
afterEach(() => api.reset())
afterAll(async () => {
  await provider.close()
  await api.close()
})

function error(code: string, message: string, type = 'some_error'): object {
  return { error: { message, type, param: null, code } }
}

const uncertain = { code: 'SERVER', outcome: 'uncertain', retryable: true } as const
const rateLimited = { code: 'RATE_LIMITED', outcome: 'not-processed', retryable: true } as const
const exhausted = {
  code: 'QUOTA_EXHAUSTED',
  outcome: 'refused',
  retryable: false,
  scope: 'run',
} as const
const refusedKey = { ...exhausted, code: 'AUTHENTICATION' } as const
const moderated = {
  code: 'MODERATION',
  outcome: 'refused',
  retryable: false,
  scope: 'image',
} as const
const rejected = { ...moderated, code: 'REJECTED' } as const

const cases: readonly (readonly [string, Reply, Partial<AttemptErrorDetails>])[] = [
  ['400', { status: 400, body: error('invalid_value', 'Invalid size') }, rejected],
  ['401', { status: 401, body: error('invalid_api_key', `Incorrect API key: ${KEY}`) }, refusedKey],
  ['402', { status: 402, body: '' }, exhausted],
  ['403', { status: 403, body: '<html><h1>Forbidden</h1></html>' }, refusedKey],
  [
    '403 for an empty account',
    { status: 403, body: error('insufficient_user_quota', 'x') },
    exhausted,
  ],
  [
    '403 for one image’s content',
    { status: 403, body: error('content_policy_violation', 'No') },
    moderated,
  ],
  ['404', { status: 404, body: error('not_found', 'No such model') }, rejected],
  ['408', { status: 408 }, uncertain],
  ['409', { status: 409, body: error('conflict', 'Under way') }, uncertain],
  ['422', { status: 422, body: { detail: 'prompt too long' } }, rejected],
  ['425', { status: 425 }, { code: 'SERVER', outcome: 'not-processed', retryable: true }],
  ['429', { status: 429, body: error('rate_limit_exceeded', 'Slow down') }, rateLimited],
  [
    '429 of an empty account',
    { status: 429, body: error('insufficient_quota', 'No money') },
    exhausted,
  ],
  [
    '400 at the billing limit',
    { status: 400, body: error('billing_hard_limit_reached', 'x') },
    exhausted,
  ],
  ['400 moderation_blocked', { status: 400, body: error('moderation_blocked', 'No') }, moderated],
  [
    '400 safety_violations',
    { status: 400, body: error('', 'Rejected. safety_violations=[violence]') },
    moderated,
  ],
  [
    '400 content_policy_violation',
    { status: 400, body: error('content_policy_violation', '') },
    moderated,
  ],
  ['500', { status: 500, body: error('', 'Internal', 'server_error') }, uncertain],
  ['502', { status: 502, body: '<html>Bad gateway</html>' }, uncertain],
  ['503', { status: 503, body: '' }, uncertain],
  ['504', { status: 504, body: '{"error":' }, uncertain],
  ['301', { status: 301, headers: { location: '/v2' } }, { code: 'REDIRECTED', retryable: false }],
]

it.each(cases)('%s', async (_name, reply, expected) => {
  api.failNext(reply)
  const failure = await failureOf(requestPicture(provider))
  expect(failure).toMatchObject({ ...expected, status: reply.status })
  expect(failure.message).not.toContain(KEY)
  expect(failure.message).toContain(`answered ${reply.status}`)
  expect(api.count).toBe(1)
})

it('repeats the words of the API, without its tags and without the key', async () => {
  api.failNext({
    status: 403,
    body: `<html><script>let a</script><h1>Key ${KEY} is blocked</h1></html>`,
  })
  const failure = await failureOf(requestPicture(provider))
  expect(failure.message).toContain('“Key [API key] is blocked”')
})

it('is refused by a strict server for a wrong key', async () => {
  const stranger = testProvider(api.url, { apiKey: 'sk-somebody-else' })
  const failure = await failureOf(requestPicture(stranger))
  expect(failure).toMatchObject(refusedKey)
  expect(failure.message).not.toContain('sk-somebody-else')
  await stranger.close()
})

it('is refused by a strict server for an unknown model', async () => {
  const failure = await failureOf(requestPicture(provider, anAttempt({ model: 'gpt-image-9' })))
  expect(failure).toMatchObject(rejected)
  expect(failure.message).toContain('gpt-image-9')
})

it('reads no more of a refusal than a message needs', async () => {
  api.failNext({ status: 500, body: 'x'.repeat(4 * 1024 * 1024) })
  const failure = await failureOf(requestPicture(provider))
  expect(failure.message.length).toBeLessThan(500)
})

describe('Retry-After', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '7' }, 1_500],
    ['garbage', { 'retry-after': 'soon, maybe' }, undefined],
  ])('%s', async (_name, headers, retryAfter) => {
    api.failNext({ status: 429, headers })
    expect(await failureOf(requestPicture(provider))).toMatchObject({ ...rateLimited, retryAfter })
  })

  it('a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString()
    api.failNext({ status: 503, headers: { 'retry-after': date } })
    const { retryAfter = 0, retryable } = await failureOf(requestPicture(provider))
    expect(retryable).toBe(true)
    expect(retryAfter).toBeGreaterThan(50_000)
    expect(retryAfter).toBeLessThanOrEqual(60_000)
  })

  it('only in words', async () => {
    api.failNext({ status: 429, body: error('rate_limit_exceeded', 'Please try again in 51.84s.') })
    expect(await failureOf(requestPicture(provider))).toMatchObject({
      ...rateLimited,
      retryAfter: 51_840,
    })
  })

  it.each([
    [429, 'RATE_LIMITED', 'not-processed'],
    [503, 'SERVER', 'uncertain'],
  ] as const)('of an hour on %i, as the server said it', async (status, code, outcome) => {
    api.failNext({ status, headers: { 'retry-after': '3600' } })
    expect(await failureOf(requestPicture(provider))).toMatchObject({
      code,
      retryable: true,
      retryAfter: 3_600_000,
      outcome,
    })
  })
})

describe('status 200 without a picture', () => {
  const unreadable = { code: 'UNREADABLE_ANSWER', outcome: 'unusable', retryable: false } as const

  it.each([
    ['HTML', '<!doctype html><title>Maintenance</title>', unreadable, /starts with “Maintenance”/],
    ['nothing', '', unreadable, /it is empty/],
    ['text', 'ok', unreadable, /starts with “ok”/],
    ['a list', '[]', unreadable, /no list `data`/],
    ['no data', { created: 1 }, unreadable, /no list `data`/],
    ['empty data', { data: [] }, unreadable, /`data` is empty/],
    ['a task', { id: 'task_1', status: 'queued' }, unreadable, /names a task \(task_1\)/],
    ['null', { data: [null] }, unreadable, /no text b64_json/],
    ['an empty string', { data: [{ b64_json: '' }] }, unreadable, /is an empty string/],
    [
      'invalid base64',
      { data: [{ b64_json: 'iVBO*Rw0' }] },
      unreadable,
      /"\*" is not base64, at offset 4 of/,
    ],
    ['an error of the server', error('server_error', 'Oops'), uncertain, /Oops/],
    [
      'an error with a status',
      { error: { code: 503, message: 'Busy' } },
      uncertain,
      /answered 503/,
    ],
    ['a rate limit', error('rate_limit_exceeded', 'Slow'), rateLimited, /Slow/],
    ['a refusal', error('moderation_blocked', 'No'), moderated, /Change the prompt/],
    ['an empty account', error('insufficient_quota', 'No money'), exhausted, /Top up/],
    ['a bad key', error('invalid_api_key', `Not ${KEY}`), refusedKey, /Not \*+”/],
    [
      'an error of words only',
      { error: 'Overloaded' },
      unreadable,
      /“Overloaded”\. The picture may have been/,
    ],
    ['an error of an unknown kind', error('E1234', 'Oops', 'x'), unreadable, /\(E1234\): “Oops”/],
    ['a status beside the error', { error: 'Slow', status: 429 }, rateLimited, /answered 429/],
    ['a gateway’s 502', { error: { code: '502', message: 'Bad' } }, uncertain, /answered 502/],
    ['a 402 inside', { error: { status: 402, message: 'Pay' } }, exhausted, /Top up/],
    ['a 403 inside', { error: { status_code: 403 } }, refusedKey, /answered 403/],
  ] as const)('%s', async (_name, body, expected, words) => {
    api.failNext({ body })
    const failure = await failureOf(requestPicture(provider))
    expect(failure).toMatchObject(expected)
    expect(failure.message).toMatch(words)
    expect(failure.message).not.toContain(KEY)
  })
})
