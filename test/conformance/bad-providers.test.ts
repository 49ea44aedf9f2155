import sharp from 'sharp'
import { expect, test } from 'vitest'
import {
  AttemptError,
  defineProvider,
  type ImageProvider,
  type ProviderContext,
} from '../../src/api.ts'
import { conformanceTests } from '../../src/testing.ts'

const HEADERS = (url: string, { apiKey, signal }: ProviderContext) =>
  fetch(url, { method: 'POST', headers: { authorization: apiKey }, body: '{}', signal })

/** A provider that takes all errors as its author thinks. */
function careless(
  toOutcome: (status: number) => AttemptError['outcome'],
  change: (response: Response) => ImageProviderPicture | Promise<ImageProviderPicture> = ({
    body,
  }) => body ?? new Uint8Array(),
  send: (url: string, context: ProviderContext) => Promise<Response> = HEADERS,
) {
  return (url: string) =>
    defineProvider({
      name: 'careless',
      apiKeyEnv: 'CARELESS_KEY',
      async generate(_, context) {
        const response = await send(url, context)
        if (response.ok) return { picture: await change(response) }
        const outcome = toOutcome(response.status)
        throw new AttemptError(await response.text(), { outcome, status: response.status })
      },
    })
}

type ImageProviderPicture = Awaited<ReturnType<ImageProvider['generate']>>['picture']

const right = (status: number) =>
  status === 429 ? 'not-processed' : status >= 500 ? 'uncertain' : 'refused'

const BAD: Readonly<Record<string, (url: string) => ImageProvider>> = {
  'a picture is kept byte for byte': careless(right, async response =>
    sharp(await response.arrayBuffer())
      .flip()
      .png()
      .toBuffer(),
  ),
  'a rate limit is tried again, and nothing was billed twice': careless(() => 'uncertain'),
  'a refusal is not tried again': careless(() => 'not-processed'),
  'a server error may have been billed': careless(() => 'refused'),
  'a connection that is reset may have been billed': careless(right, undefined, (url, context) =>
    HEADERS(url, context).catch(() => {
      throw new AttemptError('No connection.', { outcome: 'not-processed' })
    }),
  ),
  'closing the pipeline ends the request': careless(right, undefined, (url, { apiKey }) =>
    fetch(url, { method: 'POST', headers: { authorization: apiKey }, body: '{}' }),
  ),
  'an answer beyond limits.answerBytes is not taken in': careless(
    right,
    async response => new Uint8Array(await response.arrayBuffer()),
  ),
  'no message, event or file holds the key': url =>
    defineProvider({
      name: 'talkative',
      async generate() {
        throw new Error(`Failed with sk-conformance-0123456789 at ${url}`)
      },
    }),
}

test.each(Object.entries(BAD))('"%s" finds out who does not hold to it', async (name, create) => {
  const tests = conformanceTests({
    provider: ({ url }) => ({ use: create(url) }),
    answer: picture => ({ body: picture }),
  })
  await expect(tests.find(test => test.name === name)?.run()).rejects.toThrow()
})
