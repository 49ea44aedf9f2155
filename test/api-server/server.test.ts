import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiServer, createApiServer } from './server.ts'

let api: ApiServer

beforeAll(async () => {
  api = await createApiServer({ scale: 0.05 })
})
afterEach(() => api.reset())
afterAll(() => api.close())

const fields = {
  model: 'gpt-image-2',
  prompt: 'A lighthouse',
  n: 1,
  size: '1536x1024',
  response_format: 'b64_json',
  output_format: 'png',
}
const key = { authorization: 'Bearer test-key' }

function generate(body: object, headers: Record<string, string> = key): Promise<Response> {
  return fetch(`${api.url}/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

function edit(files: readonly (readonly [string, Blob])[], over: object = {}): Promise<Response> {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...fields, ...over }))
    form.append(name, String(value))
  for (const [field, blob] of files) form.append(field, blob, 'reference')
  return fetch(`${api.url}/images/edits`, { method: 'POST', headers: key, body: form })
}

async function pictureOf(response: Response): Promise<Buffer> {
  expect(response.status).toBe(200)
  const answer = (await response.json()) as { data: [{ b64_json: string }] }
  return Buffer.from(answer.data[0].b64_json, 'base64')
}

function without(name: keyof typeof fields): object {
  const { [name]: _, ...rest } = fields
  return rest
}

async function averageOf(picture: Buffer): Promise<number[]> {
  const { channels } = await sharp(picture).stats()
  return channels.map(({ mean }) => mean)
}

const png = new Blob(
  [
    new Uint8Array(
      await sharp({ create: { width: 8, height: 8, channels: 3, background: '#cc2200' } })
        .png()
        .toBuffer(),
    ),
  ],
  { type: 'image/png' },
)

describe('is as strict as the documents', () => {
  it.each(['model', 'prompt', 'n', 'size', 'response_format', 'output_format'] as const)(
    'refuses a request without %s',
    async name => {
      const response = await generate(without(name))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        error: { type: 'invalid_request_error', param: name, code: 'missing_required_parameter' },
      })
      expect(api.billed).toBe(0)
    },
  )

  it.each([
    { n: 2 },
    { n: '1' },
    { size: '1000x1000' },
    { model: 'dall-e-3' },
    { output_format: 'webp' },
    { response_format: 'url' },
    { prompt: ' ' },
  ])('refuses %j', async over => {
    expect((await generate({ ...fields, ...over })).status).toBe(400)
  })

  it('refuses a missing and a wrong key, a form, another path and another method', async () => {
    expect((await generate(fields, {})).status).toBe(401)
    expect((await generate(fields, { authorization: 'Bearer other' })).status).toBe(401)
    expect((await generate(fields, { ...key, 'content-type': 'text/plain' })).status).toBe(415)
    expect((await fetch(`${api.url}/images/variations`, { method: 'POST' })).status).toBe(404)
    expect((await fetch(`${api.url}/images/edits`)).status).toBe(405)
    expect(api.count).toBe(5)
  })

  it('refuses edits that send no file, the wrong field, or octets', async () => {
    const octets = png.slice(0, png.size, 'application/octet-stream')
    expect((await edit([])).status).toBe(400)
    expect(
      (
        await edit([
          ['image', png],
          ['image', png],
        ])
      ).status,
    ).toBe(400)
    expect((await edit([['image[]', png]])).status).toBe(400)
    expect((await edit([['image', octets]])).status).toBe(400)
    expect((await edit([['image', png]])).status).toBe(200)
    expect(
      (
        await edit([
          ['image[]', png],
          ['image[]', png],
        ])
      ).status,
    ).toBe(200)
    expect(api.billed).toBe(2)
  })
})

describe('draws', () => {
  it('the same picture for the same prompt and size, another for another prompt', async () => {
    const first = await pictureOf(await generate(fields))
    const again = await pictureOf(await generate(fields))
    const other = await pictureOf(await generate({ ...fields, prompt: 'A city at night' }))
    expect(again.equals(first)).toBe(true)
    expect(other.equals(first)).toBe(false)
    expect(await sharp(first).metadata()).toMatchObject({ format: 'png', width: 77, height: 51 })
  })

  it('an edit that shows its reference, darker at night', async () => {
    const [red = 0, green = 0] = await averageOf(await pictureOf(await edit([['image', png]])))
    expect(red).toBeGreaterThan(green + 50)
    const night = await pictureOf(await edit([['image', png]], { prompt: 'The same at night' }))
    const [redAtNight = 0] = await averageOf(night)
    expect(redAtNight).toBeLessThan(red / 2)
  })

  it('another picture each time when told to vary', async () => {
    const varying = await createApiServer({ scale: 0.05, vary: true })
    const send = () =>
      fetch(`${varying.url}/images/generations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...key },
        body: JSON.stringify(fields),
      })
    const [first, second] = [await pictureOf(await send()), await pictureOf(await send())]
    expect(second.equals(first)).toBe(false)
    await varying.close()
  })
})

describe('follows its script', () => {
  it('for the next requests, and for prompts', async () => {
    api.failNext({ status: 500 }, { status: 429, headers: { 'retry-after': '1' } })
    api.failWhen('city', { status: 400, body: { error: { message: 'No cities' } } }, 1)
    expect((await generate(fields)).status).toBe(500)
    expect((await generate(fields)).headers.get('retry-after')).toBe('1')
    expect((await generate(fields)).status).toBe(200)
    expect((await generate({ ...fields, prompt: 'A city' })).status).toBe(400)
    expect((await generate({ ...fields, prompt: 'A city' })).status).toBe(200)
    expect([api.count, api.billed]).toEqual([5, 2])
  })

  it('bills a picture that it drops, and replays it for the same key when idempotent', async () => {
    const careful = await createApiServer({ scale: 0.05, idempotent: true, vary: true })
    const send = () =>
      fetch(`${careful.url}/images/generations`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': 'one', ...key },
        body: JSON.stringify(fields),
      })
    careful.failNext({ drop: true })
    await expect(send()).rejects.toThrow()
    const [first, second] = [await pictureOf(await send()), await pictureOf(await send())]
    expect(second.equals(first)).toBe(true)
    expect([careful.count, careful.billed]).toEqual([3, 1])
    await careful.close()
  })

  it('records fields, files and headers', async () => {
    await edit([['image', png]])
    const digest = createHash('sha256')
      .update(Buffer.from(await png.arrayBuffer()))
      .digest('hex')
    expect(api.requests[0]).toMatchObject({
      path: '/v1/images/edits',
      prompt: 'A lighthouse',
      files: [{ field: 'image', type: 'image/png', digest }],
    })
  })
})
