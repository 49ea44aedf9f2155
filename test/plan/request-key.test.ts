import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ImageRequest } from '../../src/plan/image-request.ts'
import { canonicalJson, requestKey } from '../../src/plan/request-key.ts'
import type { Digest } from '../../src/system/digest.ts'

const request: ImageRequest = {
  endpoint: 'edits',
  model: 'gpt-image-2',
  prompt: 'The same scene at night',
  size: '1536x1024',
  params: { quality: 'high', background: 'opaque' },
  revision: 1,
  references: ['a'.repeat(64) as Digest, 'b'.repeat(64) as Digest],
}

test('a key never changes between versions: everything would be bought again', () => {
  expect(requestKey(request)).toBe(
    'e8224b43b38f82c81698167b7604dc4795d57321e2954628e13dea50a39ea5ab',
  )
})

test('the order in which fields were written does not count', () => {
  const { params, ...rest } = request
  const reordered = { params: { background: 'opaque', quality: 'high' }, ...rest }
  expect(requestKey(reordered)).toBe(requestKey({ ...rest, params }))
})

test.each<[string, Partial<ImageRequest>]>([
  ['endpoint', { endpoint: 'generations' }],
  ['model', { model: 'gpt-image-1' }],
  ['prompt', { prompt: 'The same scene at night ' }],
  ['size', { size: 'auto' }],
  ['params', { params: { quality: 'low', background: 'opaque' } }],
  ['revision', { revision: 2 }],
  ['order of references', { references: request.references.toReversed() }],
])('%s counts', (_, change) => {
  expect(requestKey({ ...request, ...change })).not.toBe(requestKey(request))
})

test('canonical JSON means the same as the value, whatever the order of its names', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const canonical = canonicalJson(value as Parameters<typeof canonicalJson>[0])
      expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(canonicalJson(JSON.parse(canonical))).toBe(canonical)
    }),
  )
})
