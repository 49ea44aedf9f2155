import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { AttemptError, defineProvider, type ImageProvider } from '../../../src/api.ts'
import { createProject, failureOf, open } from '../../support/project.ts'
import { aPicture, sampleProvider } from './sample-provider.ts'

const MANIFEST = { 'hero.image.yaml': 'prompt: A lighthouse\n' }
const hang = new Promise<never>(() => undefined)

/** Generates one image by a provider, in a project of its own. */
async function generateBy(
  use: ImageProvider,
  { provider, ...options }: NonNullable<Parameters<typeof open>[2]> = {},
) {
  const project = await createProject(MANIFEST)
  const baseURL = undefined as unknown as string
  const opened = await open(project, baseURL, {
    ...options,
    provider: { use, ...provider },
  })
  return { project, ...opened }
}

async function entriesOf({ originals }: Awaited<ReturnType<typeof generateBy>>['pipeline']) {
  const entries: unknown[] = []
  for await (const { entry } of originals.list()) entries.push(entry)
  return entries
}

async function* pieces(picture: Uint8Array, count = 3): AsyncGenerator<Uint8Array> {
  const size = Math.ceil(picture.length / count)
  for (let at = 0; at < picture.length; at += size) yield picture.subarray(at, at + size)
}

describe('a picture', () => {
  test.each<[string, (picture: Buffer) => unknown]>([
    ['as bytes', picture => picture],
    ['as an async iterable', picture => pieces(picture)],
    ['as a web stream', picture => new Response(new Uint8Array(picture)).body],
  ])('%s is kept byte for byte, with its facts and its provider', async (_, form) => {
    const picture = await aPicture()
    const { pipeline } = await generateBy(
      sampleProvider(async () => ({
        picture: form(picture) as Uint8Array,
        facts: Promise.resolve({ seed: 7 }),
      })),
    )
    const report = await pipeline.generate()
    expect(report.images).toMatchObject([{ outcome: 'generated' }])
    const [stored] = await entriesOf(pipeline)
    expect(stored).toMatchObject({
      version: 2,
      request: { provider: 'acme', model: 'default' },
      facts: { seed: 7 },
      size: picture.length,
    })
  })

  test('in another format counts, with a warning', async () => {
    const { default: sharp } = await import('sharp')
    const webp = await sharp(await aPicture())
      .webp()
      .toBuffer()
    const { pipeline, warnings } = await generateBy(sampleProvider(async () => ({ picture: webp })))
    await pipeline.generate()
    expect(warnings().join()).toContain('answered with WEBP')
  })

  test('that is none is set aside, and is not requested again', async () => {
    let calls = 0
    const { pipeline } = await generateBy(
      sampleProvider(() => {
        calls += 1
        return { picture: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') }
      }),
    )
    expect((await failureOf(pipeline.generate())).message).toContain('not a raster picture')
    expect((await failureOf(pipeline.generate())).message).toContain('it was requested before')
    expect(calls).toBe(1)
  })

  test('of 300 MB is refused before memory or disk is full of it', async () => {
    const piece = Buffer.alloc(1024 * 1024, 1)
    let given = 0
    const { pipeline } = await generateBy(
      sampleProvider(() => ({
        picture: (async function* () {
          for (; given < 300; given += 1) yield piece
        })(),
      })),
      { limits: { answerBytes: 20 * 1024 * 1024 } },
    )
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain('limits.answerBytes')
    expect(given).toBeLessThan(30)
  })
})

describe('a provider that', () => {
  test.each<[string, ImageProvider['generate'], string]>([
    [
      'throws a string',
      () => {
        throw 'no luck'
      },
      'Provider "acme" failed: no luck. The picture may have been made and billed.',
    ],
    [
      'returns nothing',
      () => undefined as never,
      'Provider "acme" returned nothing instead of a picture.',
    ],
    ['returns text', () => ({ picture: 'x' as never }), 'neither bytes nor a stream of bytes'],
    [
      'returns an empty picture',
      () => ({ picture: new Uint8Array() }),
      'returned an empty picture',
    ],
    [
      'streams texts',
      () => ({
        picture: (async function* () {
          yield 'x' as never
        })(),
      }),
      'returned a stream that does not hold bytes',
    ],
    [
      'breaks within a stream',
      async () => {
        const picture = await aPicture()
        return {
          picture: (async function* () {
            yield picture.subarray(0, 60)
            throw new Error('socket hang up')
          })(),
        }
      },
      'Provider "acme" failed: socket hang up. The picture may have been made and billed.',
    ],
  ])('%s is named, and asked once', async (_, generate, words) => {
    let calls = 0
    const { pipeline } = await generateBy(
      sampleProvider((...given) => {
        calls += 1
        return generate(...given)
      }),
    )
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain('hero.image.yaml#hero')
    expect(message).toContain(words)
    expect(calls).toBe(1)
  })

  test('never settles, and ignores its signal, is given up', async () => {
    const { pipeline } = await generateBy(
      sampleProvider(() => hang),
      { provider: { timeout: { silence: 50 }, retry: { delays: [] } } },
    )
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain('Provider "acme" sent nothing for the 0.05 s')
    expect(message).toContain('may have been made and billed')
  })

  test('never ends its stream is given up', async () => {
    const picture = await aPicture()
    const { pipeline } = await generateBy(
      sampleProvider(() => ({
        picture: (async function* () {
          yield picture.subarray(0, 20)
          await hang
        })(),
      })),
      { provider: { timeout: { silence: 50 }, retry: { delays: [] } } },
    )
    expect((await failureOf(pipeline.generate())).message).toContain('sent nothing for the 0.05 s')
  })

  test('listens to its signal hears that the pipeline was closed', async () => {
    let heard: unknown
    let asked: (() => void) | undefined
    const wasAsked = new Promise<void>(resolve => {
      asked = resolve
    })
    const { pipeline } = await generateBy(
      sampleProvider((_, { signal }) => {
        asked?.()
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            heard = signal.reason
            reject(signal.reason)
          })
        })
      }),
    )
    const generating = failureOf(pipeline.generate())
    await wasAsked
    await pipeline.close({ abort: true })
    await generating
    expect(heard).toMatchObject({ code: 'ABORTED', outcome: 'uncertain' })
  })

  test.each([
    [{ outcome: 'not-processed' as const, status: 429 }, 4],
    [{ outcome: 'uncertain' as const }, 4],
    [{ outcome: 'refused' as const }, 1],
    [{ outcome: 'not-processed' as const, retryable: false }, 1],
  ])('throws %o is asked as that outcome says', async (details, attempts) => {
    let calls = 0
    const { pipeline } = await generateBy(
      sampleProvider(() => {
        calls += 1
        throw new AttemptError('Too busy', details)
      }),
    )
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain('Provider "acme": Too busy.')
    expect(calls).toBe(attempts)
  })
})

describe('facts', () => {
  test('that never come are a warning, and the picture counts', async () => {
    const { pipeline, warnings } = await generateBy(
      sampleProvider(async () => ({ picture: await aPicture(), facts: hang })),
      { provider: { timeout: { silence: 50 } } },
    )
    const report = await pipeline.generate()
    expect(report.images).toMatchObject([{ outcome: 'generated' }])
    expect(warnings().join()).toContain('returned no facts within 0.05 s')
  })

  test.each<[string, () => object | Promise<object>, string]>([
    ['that fail', () => Promise.reject(new Error('no usage')), 'cannot be stored (no usage)'],
    ['that are no JSON', () => ({ size: 1n }), 'cannot be stored'],
  ])('%s are a warning', async (_, facts, words) => {
    const { pipeline, warnings } = await generateBy(
      sampleProvider(async () => ({ picture: await aPicture(), facts: facts() })),
    )
    await pipeline.generate()
    expect(warnings().join()).toContain(words)
  })

  test('show their warnings', async () => {
    const { pipeline, warnings } = await generateBy(
      sampleProvider(async () => ({
        picture: await aPicture(),
        facts: { warnings: ['The seed was ignored.'] },
      })),
    )
    await pipeline.generate()
    expect(warnings()).toContain('hero.image.yaml#hero: The seed was ignored.')
  })
})

describe('the key', () => {
  const secret = 'sk-canary-0123456789'

  test('comes from its variable, and is in no message', async () => {
    let given = ''
    const use = sampleProvider(
      (_, { apiKey }) => {
        given = apiKey
        throw new Error(`401 for ${apiKey}`)
      },
      { apiKeyEnv: 'ACME_KEY' },
    )
    const { pipeline, events } = await generateBy(use, { env: { ACME_KEY: secret } })
    const { message } = await failureOf(pipeline.generate())
    expect(given).toBe(secret)
    expect(message).toContain('401 for [API key]')
    expect(JSON.stringify([events, message])).not.toContain(secret)
  })

  test('that is missing is named before anything is asked', async () => {
    const use = sampleProvider(() => hang, { apiKeyEnv: 'ACME_KEY' })
    const { pipeline } = await generateBy(use)
    expect((await failureOf(pipeline.generate())).message).toContain('ACME_KEY is not set')
  })
})

test('the time that a reader takes is not the silence of a provider', async () => {
  const picture = await aPicture()
  const { pipeline } = await generateBy(
    sampleProvider(() => ({
      picture: (async function* () {
        for await (const piece of pieces(picture, 6)) {
          await wait(20)
          yield piece
        }
      })(),
    })),
    { provider: { timeout: { silence: 100, total: 10_000 } } },
  )
  expect((await pipeline.generate()).images).toMatchObject([{ outcome: 'generated' }])
})

test.each<[string, object, string]>([
  ['no name', { name: '' }, '`name`'],
  ['a name with blanks', { name: 'a b' }, '`name`'],
  ['no function', { generate: 1 }, '`generate`'],
  ['a field that there is not', { size: [] }, '`size`'],
  ['sizes that are no list', { sizes: '1024x1024' }, '`sizes`'],
  ['masks that are text', { masks: 'yes' }, '`masks`'],
  ['a key instead of the name of its variable', { apiKeyEnv: 'sk-1' }, '`apiKeyEnv`'],
])('defineProvider refuses %s', (_, fields, words) => {
  const provider = { name: 'acme', generate: () => hang, ...fields } as ImageProvider
  expect(() => defineProvider(provider)).toThrow(words)
})
