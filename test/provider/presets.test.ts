import { describe, expect, test } from 'vitest'
import type { ProviderOptions } from '../../src/api.ts'
import { resolveOptions } from '../../src/config/resolve-options.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import { sampleProvider } from './custom/sample-provider.ts'

const SECRET = 'sk-canary-0123456789'

function resolve(provider: ProviderOptions, providers: Record<string, ProviderOptions> = {}) {
  return resolveOptions(
    { provider, providers },
    {
      readVariable: name => (name.endsWith('_KEY') ? SECRET : undefined),
      presets: PRESETS,
      root: '/site',
    },
  )
}

describe('options lie over their preset', () => {
  test('each of the same name', () => {
    const { provider } = resolve({
      preset: 'openai',
      authHeader: 'api-key',
      query: { 'api-version': '2026-04-01' },
      headers: { 'x-team': 'web' },
      paths: { generations: 'generate' },
      fields: { response_format: 'url', output_format: null },
      sizes: ['512x512'],
      masks: false,
      forbidden: 'refused',
    })
    expect(provider).toMatchObject({
      baseURL: 'https://api.openai.com/v1',
      authHeader: 'api-key',
      query: { 'api-version': '2026-04-01' },
      headers: { 'x-team': 'web' },
      paths: { generations: 'generate', edits: 'images/edits' },
      fields: { response_format: 'url', output_format: null },
      sizes: ['512x512'],
      masks: false,
      forbidden: 'refused',
    })
  })

  test('an API without keys needs none', () => {
    const baseURL = 'http://127.0.0.1:8080/v1'
    const { provider } = resolve({ preset: 'compatible', baseURL, authHeader: false })
    expect(provider.apiKeyEnv).toBeUndefined()
  })
})

describe('what is refused', () => {
  test.each<[string, ProviderOptions, string]>([
    ['a header that carries keys', { headers: { 'X-Api-Key': 'x' } }, 'provider.headers.X-Api-Key'],
    ['a bearer token', { headers: { 'x-auth': 'Bearer abc' } }, 'provider.headers.x-auth'],
    ['the key itself in a header', { headers: { 'x-team': `t ${SECRET}` } }, 'headers.x-team'],
    ['a query that carries keys', { query: { key: 'x' } }, 'provider.query.key'],
    ['a token in a query', { query: { access_token: 'x' } }, 'provider.query.access_token'],
    ['a signature in a query', { query: { sig: 'x' } }, 'provider.query.sig'],
    ['the key itself in a query', { query: { team: SECRET } }, 'provider.query.team'],
    ['a header of our own', { headers: { 'content-type': 'x' } }, 'every request has it already'],
    ['a header with a line break', { headers: { 'x-a': 'a\nb' } }, 'is not a valid header'],
    ['a name that is no header', { authHeader: 'Authorization: Bearer' }, 'provider.authHeader'],
    ['an API of which nobody said where it is', { preset: 'compatible' }, 'provider.baseURL'],
    ['a preset beside a provider', { use: sampleProvider(), preset: 'openai' }, 'provider.preset'],
    ['something else than a provider', { use: {} as never }, '`defineProvider`'],
  ])('%s', (_, provider, words) => {
    const open = () => resolve(provider)
    expect(open).toThrow(words)
    expect(open).not.toThrow(SECRET)
  })

  test('a key in headers of a further provider, with its path', () => {
    const photos = { headers: { token: 'abcdefgh' } }
    expect(() => resolve({}, { photos })).toThrow('`providers.photos.headers.token`')
    expect(() => resolve({}, { photos })).not.toThrow('abcdefgh')
  })

  test('two providers of one name', () => {
    const providers = { a: { use: sampleProvider() }, b: { use: sampleProvider() } }
    expect(() => resolve({}, providers)).toThrow(
      '`providers.a` and `providers.b` use two providers with the name "acme"',
    )
    const use = sampleProvider()
    expect(() => resolve({}, { a: { use }, b: { use, model: 'large' } })).not.toThrow()
  })
})
