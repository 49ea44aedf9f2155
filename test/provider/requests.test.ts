import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { SIZES } from '../../src/manifest/sizes.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import type { Provider } from '../../src/provider/provider.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { anAttempt, aReference, KEY, requestPicture, testProvider } from './attempts.ts'

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

const png = new Uint8Array(
  await sharp({ create: { width: 8, height: 8, channels: 3, background: '#38bdf8' } })
    .png()
    .toBuffer(),
)
const jpeg = new Uint8Array(await sharp(png).jpeg().toBuffer())

describe('generations', () => {
  it('sends every field explicitly, as JSON', async () => {
    await requestPicture(provider, anAttempt({ prompt: 'Leuchtturm – маяк', size: '1536x1024' }))
    const [request] = api.requests
    expect(request?.path).toBe('/v1/images/generations')
    expect(request?.headers['content-type']).toBe('application/json')
    expect(request?.fields).toEqual({
      model: 'gpt-image-2',
      prompt: 'Leuchtturm – маяк',
      n: 1,
      size: '1536x1024',
      response_format: 'b64_json',
      output_format: 'png',
    })
  })

  it.each(SIZES.map(({ size }) => size))('asks for the documented size %s', async size => {
    const { picture } = await requestPicture(provider, anAttempt({ size }))
    expect(api.requests[0]?.fields.size).toBe(size)
    expect((await sharp(picture).metadata()).format).toBe('png')
  })

  it('sends the key, the request ID twice, and nothing that tells versions', async () => {
    await requestPicture(provider, anAttempt({}, { requestId: 'image-7' }))
    expect(api.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'idempotency-key': 'image-7',
      'x-client-request-id': 'image-7',
      'user-agent': 'unplugin-imagegen',
      'accept-encoding': 'identity',
    })
  })

  it('passes params as they are, which cannot override what is fixed', async () => {
    const params = { quality: 'high', moderation: null, n: 4, output_format: 'webp' }
    await requestPicture(provider, anAttempt({ params }))
    expect(api.requests[0]?.fields).toMatchObject({
      quality: 'high',
      moderation: null,
      n: 1,
      output_format: 'png',
    })
  })

  it('leaves out response_format for OpenAI', async () => {
    const openai = await createApiServer({ apiKey: KEY, scale: 0.02, openai: true })
    const client = testProvider(openai.url, { preset: PRESETS.openai })
    await requestPicture(client)
    expect(openai.requests[0]?.fields).not.toHaveProperty('response_format')
    await client.close()
    await openai.close()
  })

  it('returns the picture and what the API said beside it', async () => {
    const { picture, facts } = await requestPicture(provider)
    const metadata = await sharp(picture).metadata()
    expect(metadata).toMatchObject({ format: 'png', width: 20, height: 20 })
    expect(facts).toMatchObject({
      revised_prompt: 'Revised: A lighthouse on a cliff',
      usage: { total_tokens: 1000 },
    })
    expect(facts).not.toHaveProperty('data')
    expect(facts).not.toHaveProperty('b64_json')
  })
})

describe('edits', () => {
  it('sends one reference as `image`, with text fields', async () => {
    const reference = aReference('hero.png', png)
    await requestPicture(
      provider,
      anAttempt({ params: { quality: 'low', user: null } }, { references: [reference] }),
    )
    const [request] = api.requests
    expect(request?.path).toBe('/v1/images/edits')
    expect(request?.fields).toEqual({
      quality: 'low',
      model: 'gpt-image-2',
      prompt: 'A lighthouse on a cliff',
      n: '1',
      size: '1024x1024',
      response_format: 'b64_json',
      output_format: 'png',
    })
    expect(request?.files).toMatchObject([
      { field: 'image', name: 'hero.png', type: 'image/png', digest: reference.digest },
    ])
  })

  it('sends several references as repeated `image[]`, in order', async () => {
    const references = [aReference('ana.png', png), aReference('li.jpg', jpeg, 'image/jpeg')]
    await requestPicture(provider, anAttempt({}, { references }))
    expect(api.requests[0]?.files).toMatchObject([
      { field: 'image[]', name: 'ana.png', type: 'image/png', digest: references[0]?.digest },
      { field: 'image[]', name: 'li.jpg', type: 'image/jpeg', digest: references[1]?.digest },
    ])
  })

  it.each(['Größe „A“.png', 'маяк 灯台.png', 'a"; name="prompt.png', 'line\r\nX-Evil: 1.png'])(
    'sends the file name %j without breaking the form',
    async name => {
      await requestPicture(provider, anAttempt({}, { references: [aReference(name, png)] }))
      const [file] = api.requests[0]?.files ?? []
      const escaped = name.replaceAll('"', '%22').replace('\r\n', '%0D%0A')
      expect([name, escaped]).toContain(file?.name)
      expect(api.requests[0]?.fields.prompt).toBe('A lighthouse on a cliff')
    },
  )
})

describe('what is refused before anything is sent', () => {
  it.each(['http://api.example.com/v1', 'http://127.0.0.1.example.com/v1', 'ftp://localhost/v1'])(
    'the base URL %s',
    baseURL => expect(() => testProvider(baseURL)).toThrow(/unencrypted/),
  )

  it.each(['', 'sk-line\nbreak', 'sk-ключ'])('the key %j, without repeating it', apiKey => {
    expect(() => testProvider('https://api.example.com/v1', { apiKey })).toThrow(
      /API key is empty or has characters.*LLMEASY_API_KEY/,
    )
  })

  it('a key that is shorter than one can mask, without repeating it', () => {
    expect(() => testProvider('https://api.example.com/v1', { apiKey: 'sk-qzvx' })).toThrow(
      /^The API key in LLMEASY_API_KEY has only 7 characters\. (?!.*sk-qzvx)/,
    )
  })

  it('but no short key of a server on this machine, and nothing is masked for it', async () => {
    api.failNext({ status: 400, body: { error: { message: 'The lamp is lit at night' } } })
    await expect(
      requestPicture(testProvider(api.url, { apiKey: 'a' }), anAttempt()),
    ).rejects.toThrow('The lamp is lit at night')
  })

  it('a reference that cannot be read', async () => {
    const reference = {
      ...aReference('gone.png', png),
      bytes: () => Promise.reject(new Error('gone.png has changed')),
    }
    await expect(
      requestPicture(provider, anAttempt({}, { references: [reference] })),
    ).rejects.toThrow('gone.png has changed')
    expect(api.count).toBe(0)
  })
})

it('has as many requests under way as it may', async () => {
  const attempts = ['a', 'b', 'c', 'd'].map(prompt =>
    requestPicture(provider, anAttempt({ prompt })),
  )
  await Promise.all(attempts)
  expect(api.billed).toBe(4)
})
