import { describe, expect, test } from 'vitest'
import { defineProvider, type Options } from '../../src/api.ts'
import { aPicture, sampleProvider } from '../provider/custom/sample-provider.ts'
import { createProject, failureOf, open, startApi } from '../support/project.ts'

const MANIFEST = {
  'site.image.yaml': `images:
  hero: { prompt: A lighthouse }
  photo: { prompt: A keeper, provider: photos }
`,
}

test('each image goes to the provider that it names, with the model of that one', async () => {
  const project = await createProject(MANIFEST)
  const [api, other] = [await startApi(), await startApi({ apiKey: 'other-key' })]
  const { pipeline } = await open(project, api.url, {
    providers: {
      photos: { preset: 'compatible', baseURL: other.url, apiKeyEnv: 'PHOTOS_KEY' },
    },
    env: { PHOTOS_KEY: 'other-key' },
  })
  await pipeline.generate()
  expect(api.requests.map(({ prompt }) => prompt)).toEqual(['A lighthouse'])
  expect(other.requests.map(({ prompt }) => prompt)).toEqual(['A keeper'])
  // Pictures of APIs in one form are told apart by their requests alone.
  const keys = (await pipeline.plan()).images.map(({ request }) => Object.keys(request ?? {}))
  expect(keys.flat()).not.toContain('provider')
})

test('limits are per provider, and one that is stopped leaves the others alone', async () => {
  const images = Array.from({ length: 4 }, (_, index) => index)
  const project = await createProject({
    'a.image.yaml': `images:\n${images.map(n => `  a${n}: { prompt: Refused ${n} }`).join('\n')}\n`,
    'b.image.yaml': `defaults: { provider: slow }\nimages:\n${images.map(n => `  b${n}: { prompt: Slow ${n} }`).join('\n')}\n`,
  })
  const api = await startApi()
  api.failWhen('Refused', { status: 401, body: { error: { message: 'no' } } })
  let now = 0
  let most = 0
  const slow = sampleProvider(async ({ prompt }) => {
    now += 1
    most = Math.max(most, now)
    const picture = await aPicture(`#0000${prompt.at(-1)}0`)
    now -= 1
    return { picture }
  })
  const { pipeline } = await open(project, api.url, {
    provider: { concurrency: 1 },
    providers: { slow: { use: slow, concurrency: 1 } },
  })
  await failureOf(pipeline.generate())
  expect(most).toBe(1)
  expect(api.count).toBe(1)
  const states = (await pipeline.plan()).images.map(({ id, status }) => [id.name, status.state])
  expect(states.filter(([, state]) => state === 'ready').map(([name]) => name)).toEqual([
    'b0',
    'b1',
    'b2',
    'b3',
  ])
})

test('the budget is one', async () => {
  const project = await createProject(MANIFEST)
  const api = await startApi()
  const { pipeline } = await open(project, api.url, {
    providers: { photos: { use: sampleProvider() } },
    budget: { images: 1 },
  })
  expect(await failureOf(pipeline.generate())).toMatchObject({ code: 'BUDGET_EXCEEDED' })
  expect(api.count).toBe(0)
})

test('the picture of a provider of your own is another one', async () => {
  const project = await createProject({ 'hero.image.yaml': 'prompt: A lighthouse\n' })
  const api = await startApi()
  const keyOf = async (use?: ReturnType<typeof sampleProvider>) => {
    const options = use ? { provider: { use, baseURL: undefined, model: 'm' } } : {}
    const { pipeline } = await open(project, api.url, options as object)
    return (await pipeline.plan()).images[0]?.key
  }
  const other = defineProvider({ ...sampleProvider(), name: 'other' })
  const keys = [await keyOf(), await keyOf(sampleProvider()), await keyOf(other)]
  expect(new Set(keys).size).toBe(3)
})

describe('what is refused', () => {
  const refused = async (manifest: string, providers: Options['providers'] = {}) => {
    const project = await createProject({ 'a.image.yaml': manifest })
    const { pipeline } = await open(project, 'http://127.0.0.1:9/v1', { providers })
    return (await failureOf(pipeline.plan())).message
  }

  test.each<[string, string, NonNullable<Options['providers']>, RegExp]>([
    [
      'a provider that there is not',
      'prompt: x\nprovider: photo\n',
      { photos: { use: sampleProvider() } },
      /a\.image\.yaml:2:11[\s\S]*The options have no provider "photo"\.[\s\S]*`photos`/,
    ],
    [
      'a size that it does not make',
      'prompt: x\nprovider: photos\nsize: 500x510\n',
      { photos: { use: sampleProvider(undefined, { sizes: ['512x512', '64x32'] }) } },
      /a\.image\.yaml:3:7[\s\S]*Provider "photos" does not support the size "500x510"\.[\s\S]*Nearest: "512x512"/,
    ],
    [
      'a model that it does not serve',
      'prompt: x\nprovider: photos\nmodel: large\n',
      { photos: { use: sampleProvider(undefined, { models: ['small'] }) } },
      /a\.image\.yaml:3:8[\s\S]*Provider "photos" does not have the model "large"\.[\s\S]*small/,
    ],
    [
      'references where it takes none',
      'prompt: x\nprovider: photos\nreferences: [./a.png]\n',
      { photos: { use: sampleProvider() } },
      /a\.image\.yaml:3:13[\s\S]*Provider "photos" does not accept reference pictures/,
    ],
    [
      'a mask where it takes none',
      'prompt: x\nprovider: photos\nreferences: [{ file: ./a.png, mask: ./b.png }]\n',
      { photos: { use: sampleProvider(undefined, { files: true }) } },
      /a\.image\.yaml:3:37[\s\S]*Provider "photos" does not accept masks/,
    ],
  ])('%s', async (_, manifest, providers, words) => {
    expect(await refused(manifest, providers)).toMatch(words)
  })
})
