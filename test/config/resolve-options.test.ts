import path from 'node:path'
import { runInNewContext } from 'node:vm'
import type { InferInput } from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { readOptions } from '../../build/docs/options-table.ts'
import type { ReadVariable } from '../../src/config/environment.ts'
import type { Options } from '../../src/config/options.ts'
import type { optionsSchema } from '../../src/config/options-schema.ts'
import { mergeOptions, resolveOptions } from '../../src/config/resolve-options.ts'
import { PRESETS } from '../../src/provider/presets.ts'

/** What the schema takes. */
type OptionsInput = InferInput<typeof optionsSchema>

const root = path.resolve('/site')

function resolve(options: Options, variables: Record<string, string> = {}) {
  const readVariable: ReadVariable = name => variables[name]
  return resolveOptions(options, { readVariable, presets: PRESETS, root })
}

describe('defaults', () => {
  test('are those that the documentation of the options names', () => {
    expect(resolve({})).toMatchObject({
      mode: 'generate',
      root,
      include: ['**/*.image.{yaml,yml}'],
      exclude: ['**/node_modules/**', '**/dist/**'],
      provider: {
        preset: 'llmeasy',
        apiKeyEnv: 'LLMEASY_API_KEY',
        model: 'gpt-image-2',
        concurrency: 4,
        timeout: { silence: 600_000, total: 1_800_000 },
        retry: { delays: [3_000, 8_000, 15_000], maxDelay: 120_000, uncertain: 'retry' },
      },
      cacheDir: path.join(root, '.imagegen'),
      renditionsDir: path.join(root, 'node_modules/.cache/unplugin-imagegen'),
      types: 'mirror',
      budget: { images: 100 },
      limits: { answerBytes: 268_435_456, pixels: 3840 },
      onSizeMismatch: 'warn',
      dev: { generate: 'auto' },
    })
  })

  test('follow the preset', () => {
    expect(resolve({ provider: { preset: 'openai' } }).provider).toMatchObject({
      baseURL: 'https://api.openai.com/v1',
      apiKeyEnv: 'OPENAI_API_KEY',
    })
  })
})

describe('the environment wins', () => {
  test('over the mode', () => {
    expect(resolve({ mode: 'generate' }, { IMAGEGEN_MODE: 'frozen' }).mode).toBe('frozen')
  })

  test('over the base URL of the preset in use', () => {
    const variables = { LLMEASY_BASE_URL: 'http://127.0.0.1:8080/v1/' }
    expect(resolve({}, variables).provider.baseURL).toBe('http://127.0.0.1:8080/v1')
    expect(resolve({ provider: { preset: 'openai' } }, variables).provider.baseURL).toBe(
      'https://api.openai.com/v1',
    )
  })

  test('over the store, whose other settings stay', () => {
    const store = { type: 's3' as const, bucket: 'old', region: 'eu-north-1' }
    expect(resolve({ store }, { IMAGEGEN_STORE: 's3://new/site/images/' }).store).toEqual({
      type: 's3',
      bucket: 'new',
      prefix: 'site/images',
      region: 'eu-north-1',
      access: 'read-write',
      required: true,
    })
  })
})

test.each([
  ['https://user:secret@s3.example.com', /contains credentials/],
  ['s3.example.com', /Write it like https:/],
])('the endpoint %s of a store is refused, and no secret is repeated', (endpoint, message) => {
  const open = () => resolve({ store: { type: 's3', bucket: 'images', endpoint } })
  expect(open).toThrowError(message)
  expect(open).not.toThrowError(/secret/)
})

describe('what is refused', () => {
  // What JavaScript and JSON can say although the types forbid it.
  const untyped = (value: unknown) => value as Options
  test.each([
    [{ budgets: { images: 1 } }, 'Option `budgets` does not exist. Did you mean `budget`?'],
    [
      { provider: { retry: { delay: [1] } } },
      'Option `provider.retry.delay` does not exist. Did you mean `provider.retry.delays`?',
    ],
    [
      { provider: { concurrency: 0 } },
      'Option `provider.concurrency` must be a whole number from 1 to 64, but it is 0.',
    ],
    [{ mode: 'fast' }, 'Option `mode` must be one of generate, frozen, draft, but it is "fast".'],
    [
      { output: { aspect: '16x9' } },
      'Option `output.aspect` must be a ratio like "16:9", but it is "16x9".',
    ],
  ])('%j', (options, message) => {
    expect(() => resolve(untyped(options))).toThrowError(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: `inline options: ${message}` }),
    )
  })

  test('all faults at once', () => {
    const options = untyped({ mode: 'fast', budget: { images: -1 } })
    expect(() => resolve(options)).toThrowError(/`mode`.*\n.*`budget.images`/)
  })

  test.each([
    ['https://x.example/v1/', 'https://x.example/v1'],
    ['https://x.example', 'https://x.example'],
    ['https://x.example/d/y/?api-version=1', 'https://x.example/d/y?api-version=1'],
    ['https://x.example/v1/images/generations', 'https://x.example/v1'],
  ])('base URL %s is used as %s', (baseURL, expected) => {
    expect(resolve({ provider: { baseURL } }).provider.baseURL).toBe(expected)
  })

  test.each([
    [300, { silence: 300, total: 300 }],
    [{ silence: 300 }, { silence: 300, total: 1_800_000 }],
    [{ total: 3_000_000 }, { silence: 600_000, total: 3_000_000 }],
    [{ silence: 2_000_000 }, { silence: 2_000_000, total: 2_000_000 }],
  ])('timeout %o', (timeout, expected) => {
    expect(resolve({ provider: { timeout } }).provider.timeout).toEqual(expected)
  })

  test.each([
    [{ silense: 1 }, 'Did you mean `provider.timeout.silence`?'],
    [{ total: '1' }, '`provider.timeout.total` must be a whole number, but it is "1"'],
    ['1', '`provider.timeout` must be a number of milliseconds, or an object'],
  ])('timeout %o names what is wrong', (timeout, words) => {
    expect(() => resolve(untyped({ provider: { timeout } }))).toThrowError(words)
  })

  test.each([
    ['http://api.example.com/v1', /would send the API key unencrypted/],
    ['http://127.0.0.1.example.com/v1', /would send the API key unencrypted/],
    ['https://user:secret@example.com/v1', /contains credentials/],
    ['api.example.com', /is not a URL/],
  ])('base URL %s', (baseURL, message) => {
    expect(() => resolve({ provider: { baseURL } })).toThrowError(message)
  })

  test('credentials in a base URL are not repeated', () => {
    const baseURL = 'https://user:secret@example.com/v1'
    expect(() => resolve({ provider: { baseURL } })).toThrowError(/^(?!.*secret)/)
  })

  test('a mode that the environment misspells', () => {
    expect(() => resolve({}, { IMAGEGEN_MODE: 'frosen' })).toThrowError(
      'IMAGEGEN_MODE is "frosen", but it must be one of generate, frozen, draft.',
    )
  })
})

test('options are merged group by group, lists as a whole', () => {
  const file: Options = { budget: { images: 5, prices: { auto: 1 } }, include: ['a', 'b'] }
  expect(mergeOptions(file, { budget: { images: 9 }, include: ['c'] })).toEqual({
    budget: { images: 9, prices: { auto: 1 } },
    include: ['c'],
  })
})

/** Types apart from what may be changed, and from `undefined` where a member may be absent. */
type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Plain<Exclude<T[Name], undefined>> }
    : T

test('the schema accepts what the interface documents', () => {
  expectTypeOf<Plain<OptionsInput>>().toEqualTypeOf<Plain<Options>>()
})

/** A default that hangs on something else is told in words. */
const literals = readOptions().filter(({ usual }) => /^['"[{\d]|^(?:true|false)$/.test(usual))

test.each(literals)('the default of $name is the documented one', ({ name, usual }) => {
  const store = { type: 's3' as const, bucket: 'images' }
  const resolved: unknown = name
    .split('.')
    .reduce<unknown>((value, key) => Reflect.get(Object(value), key), resolve({ store }))
  const documented: unknown = runInNewContext(`(${usual})`)
  const isFolder = ['cacheDir', 'renditionsDir'].includes(name)
  expect(resolved).toEqual(isFolder ? path.join(root, String(documented)) : documented)
})

test('most options document a default', () => {
  expect(literals.length).toBeGreaterThan(20)
})
