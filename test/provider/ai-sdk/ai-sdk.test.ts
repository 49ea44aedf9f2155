import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { MockImageModelV3, MockImageModelV4 } from 'ai/test'
import { MockImageModelV2 } from 'ai5/test'
import { describe, expect, test } from 'vitest'
import { type AiSdkImageModel, aiSdk } from '../../../src/ai.ts'
import { createProject, failureOf, open, startApi } from '../../support/project.ts'
import { aPicture } from '../custom/sample-provider.ts'

const response = { timestamp: new Date(0), modelId: 'm-1', headers: undefined }

type Use = ReturnType<typeof aiSdk>

async function projectOf(use: Use, manifest = 'prompt: A lighthouse\n', rest: object = {}) {
  const project = await createProject({ 'hero.image.yaml': manifest, 'a.png': await aPicture() })
  const baseURL = undefined as unknown as string
  const opened = await open(project, baseURL, { provider: { use }, ...rest })
  return { project, ...opened }
}

async function entryOf({ originals }: Awaited<ReturnType<typeof projectOf>>['pipeline']) {
  for await (const { entry } of originals.list()) return entry
  return undefined
}

describe.each<[string, (result: object, calls: object[]) => AiSdkImageModel]>([
  [
    'v2',
    (result, calls) =>
      new MockImageModelV2({
        doGenerate: async call => {
          calls.push(call)
          return { warnings: [], response, ...result } as never
        },
      }),
  ],
  [
    'v3',
    (result, calls) =>
      new MockImageModelV3({
        doGenerate: async call => {
          calls.push(call)
          return { warnings: [], response, ...result } as never
        },
      }),
  ],
  [
    'v4',
    (result, calls) =>
      new MockImageModelV4({
        supportsFileInputs: true,
        supportsMaskInputs: Promise.resolve(true),
        doGenerate: async call => {
          calls.push(call)
          return { warnings: [], response, ...result } as never
        },
      }),
  ],
])("the SDK's own mock model of version %s", (version, create) => {
  test.each(['bytes', 'base64'])('gives a picture as %s, with facts', async form => {
    const picture = await aPicture()
    const images = form === 'bytes' ? [new Uint8Array(picture)] : [picture.toString('base64')]
    const calls: object[] = []
    const model = create(
      {
        images,
        usage: { totalTokens: 9 },
        providerMetadata: { mock: { images: [{ revisedPrompt: 'r' }] } },
        warnings: [{ type: 'other', message: 'Seeds are ignored.' }],
      },
      calls,
    )
    const manifest =
      'prompt: A lighthouse\nsize: 1024x1024\nparams: { seed: 7, quality: high, nested: { a: [1] } }\n'
    const { pipeline, warnings } = await projectOf(aiSdk(model), manifest)
    await pipeline.generate()
    expect(calls).toMatchObject([
      {
        prompt: 'A lighthouse',
        n: 1,
        size: '1024x1024',
        aspectRatio: undefined,
        seed: 7,
        providerOptions: { 'mock-provider': { quality: 'high', nested: { a: [1] } } },
        headers: { 'idempotency-key': expect.stringMatching(/^[\da-f-]{36}$/) },
      },
    ])
    expect(await entryOf(pipeline)).toMatchObject({
      size: picture.length,
      request: { provider: 'mock-provider/mock-model-id', model: 'mock-model-id' },
      facts: { usage: { totalTokens: 9 }, modelId: 'm-1' },
    })
    expect(warnings().join()).toContain('Warning of the AI SDK (other): Seeds are ignored.')
  })

  test('takes files and masks, or says before sending that it does not', async () => {
    const calls: object[] = []
    const model = create({ images: [new Uint8Array(await aPicture())] }, calls)
    const manifest =
      'prompt: A lighthouse\nreferences: [{ file: ./a.png, mask: ./a.png }]\nparams: { aspectRatio: "16:9" }\n'
    if (version === 'v2') {
      expect(() => aiSdk(model, { files: true })).toThrow('has no files')
      const { pipeline } = await projectOf(aiSdk(model), manifest)
      expect((await failureOf(pipeline.generate())).message).toContain(
        'does not accept reference pictures',
      )
      expect(calls).toEqual([])
      return
    }
    const declared = version === 'v3' ? { files: true, masks: true } : {}
    const { pipeline } = await projectOf(aiSdk(model, declared), manifest)
    await pipeline.generate()
    expect(calls).toMatchObject([
      {
        size: undefined,
        aspectRatio: '16:9',
        files: [{ type: 'file', mediaType: 'image/png', data: expect.any(Uint8Array) }],
        mask: { type: 'file', mediaType: 'image/png' },
      },
    ])
  })

  test('without a picture is unusable, and is not asked again', async () => {
    const calls: object[] = []
    const { pipeline } = await projectOf(aiSdk(create({ images: [] }, calls)))
    expect((await failureOf(pipeline.generate())).message).toContain('without a picture')
    await failureOf(pipeline.generate())
    expect(calls).toHaveLength(1)
  })
})

test('a model that finds out late that it does not accept masks is not called', async () => {
  let calls = 0
  const model = new MockImageModelV4({
    supportsFileInputs: Promise.resolve(true),
    supportsMaskInputs: Promise.resolve(false),
    doGenerate: async () => {
      calls += 1
      throw new Error('called')
    },
  })
  const manifest = 'prompt: x\nreferences: [{ file: ./a.png, mask: ./a.png }]\n'
  const { pipeline } = await projectOf(aiSdk(model), manifest)
  expect((await failureOf(pipeline.generate())).message).toContain('It does not accept masks')
  expect(calls).toBe(0)
})

test.each([undefined, {}, { specificationVersion: 'v1' }, { specificationVersion: 'v3' }])(
  '%o is no image model',
  model => {
    expect(() => aiSdk(model as never)).toThrow('needs an image model of version 2, 3 or 4')
  },
)

describe("the SDK's OpenAI-compatible provider", () => {
  const SECRET = 'sk-canary-0123456789'
  /** The server insists on a field that the SDK does not send by itself. */
  const COMPLETE =
    'prompt: A lighthouse\nparams: { providerOptions: { local: { output_format: png } } }\n'
  const openApi = async (manifest = COMPLETE) => {
    const api = await startApi({ apiKey: SECRET })
    const model = createOpenAICompatible({
      name: 'local',
      baseURL: api.url,
      apiKey: SECRET,
    }).imageModel('gpt-image-2')
    return { api, ...(await projectOf(aiSdk(model, { files: true }), manifest)) }
  }

  test('gives a picture of the local API server, with fields of its own', async () => {
    const { api, pipeline } = await openApi()
    const report = await pipeline.generate()
    expect(report.images).toMatchObject([{ outcome: 'generated' }])
    expect(api.requests).toMatchObject([
      { fields: { model: 'gpt-image-2', prompt: 'A lighthouse', n: 1, size: '1024x1024' } },
    ])
    expect(api.requests[0]?.requestId).toMatch(/^[\da-f-]{36}$/)
  })

  test('says what the server has against a request', async () => {
    const { api, pipeline } = await openApi('prompt: A lighthouse\n')
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain('Provider "local.image/gpt-image-2": It answered 400')
    expect(message).toContain('output_format')
    expect(api.count).toBe(1)
  })

  test.each([
    [{ status: 429, headers: { 'retry-after-ms': '1' } }, 4, 'answered 429'],
    [{ status: 500 }, 4, 'answered 500'],
    [{ status: 400, body: { error: { message: 'no such size' } } }, 1, 'no such size'],
    [{ status: 402 }, 1, 'answered 402'],
    [{ status: 401, body: { error: { message: `Incorrect key ${SECRET}` } } }, 1, 'Check the API'],
    [{ status: 200, body: '<html>' }, 1, 'answered 200'],
    [
      { status: 400, body: { error: { message: 'refused', code: 'moderation_blocked' } } },
      1,
      'refused',
    ],
  ])('makes of %o what it means', async (reply, attempts, words) => {
    const { api, pipeline, events } = await openApi()
    api.failWhen('lighthouse', reply)
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain(words)
    expect(api.count).toBe(attempts)
    expect(JSON.stringify([events, message])).not.toContain(SECRET)
  })

  test('that finds no server has sent nothing', async () => {
    const { api, pipeline } = await openApi()
    await api.close()
    expect((await failureOf(pipeline.generate())).message).toContain(
      'No connection (ECONNREFUSED): nothing was sent',
    )
  })
})
