import { describe, expect, test } from 'vitest'
import type { OriginalEntry } from '../../src/originals/original.ts'
import {
  blobName,
  entryName,
  keyOfEntryName,
  LARGEST_ENTRY,
  limitFacts,
  parseEntry,
  serializeEntry,
} from '../../src/originals/store/entry/entry.ts'
import { requestKey } from '../../src/plan/request-key.ts'
import { sampleEntry } from './sample-original.ts'

const entry = sampleEntry('a lighthouse', 'bytes')

function parse(value: unknown, key = entry.key) {
  const bytes = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value))
  return parseEntry(bytes, key)
}

describe('parseEntry', () => {
  test('reads back what serializeEntry wrote', () => {
    expect(parse(serializeEntry(entry))).toEqual({ entry })
    const signed = { ...entry, signature: 'hmac-sha256:abc' }
    expect(parse(serializeEntry(signed))).toEqual({ entry: signed })
  })

  test('reads every format, and names of fields that objects have of their own', () => {
    const request = { ...entry.request, params: { constructor: 'x', quality: null, n: 1, b: true } }
    const odd: OriginalEntry = { ...entry, request, key: requestKey(request), format: 'tiff' }
    expect(parse(serializeEntry(odd), odd.key)).toEqual({ entry: odd })
  })

  test.each<[string, unknown, string]>([
    ['an empty file', Buffer.alloc(0), 'is empty'],
    ['half a file', serializeEntry(entry).subarray(0, 300), 'is not complete JSON'],
    ['invalid UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'is not complete JSON'],
    ['a huge file', Buffer.alloc(LARGEST_ENTRY + 1, 32), 'more than an entry may have'],
    ['another kind of JSON', [], 'is not a valid entry'],
    ['a field too many', { ...entry, 'sk-canary': 1 }, '(it has an unknown field)'],
    ['a field too few', { version: 1 }, '(key is missing)'],
    ['a field of another kind', { ...entry, format: 'sk-canary' }, '(format is not valid)'],
    ['a digest that is none', { ...entry, digest: 'sk-canary' }, 'must be 64 hexadecimal digits)'],
    ['an unknown field', { ...entry, path: '/etc/passwd' }, 'an unknown field'],
    [
      'an unknown field of the request',
      { ...entry, request: { ...entry.request, x: 1 } },
      'an unknown field',
    ],
    ['a missing field', { ...entry, digest: undefined }, 'digest'],
    ['a digest that is a path', { ...entry, digest: '../../../x' }, 'digest'],
    ['no bytes', { ...entry, size: 0 }, 'size'],
    ['a fraction of a pixel', { ...entry, width: 1.5 }, 'width'],
    ['a nested param', { ...entry, request: { ...entry.request, params: { a: {} } } }, 'params'],
    ['a format that is none', { ...entry, format: 'svg' }, 'format'],
    ['a day that is none', { ...entry, createdAt: 'yesterday' }, 'createdAt'],
    ['facts that are a list', { ...entry, facts: [] }, 'facts'],
    ['an empty signature', { ...entry, signature: '' }, 'signature'],
    ['an entry of another key', sampleEntry('other', 'bytes'), 'belongs to another key'],
    [
      'a request that was edited by hand',
      { ...entry, request: { ...entry.request, prompt: 'a castle' } },
      'does not match its name',
    ],
  ])('refuses %s', (_, value, problem) => {
    expect(parse(value)).toEqual({ problem: expect.stringContaining(problem) })
  })

  test('tells an entry of a newer version from a faulty one', () => {
    const problem = 'needs a newer version of unplugin-imagegen'
    expect(parse({ ...entry, version: 2, path: '/later' })).toEqual({ problem, newer: true })
  })
})

test('the same entry gives the same text whatever the order of its fields, a line a field', () => {
  const { params, ...rest } = entry.request
  const shuffled = { ...entry, request: { params: { z: 1, a: 2, ...params }, ...rest } }
  const reversed = Object.fromEntries(
    Object.entries({
      ...shuffled,
      request: { ...rest, params: { ...params, a: 2, z: 1 } },
    }).reverse(),
  ) as unknown as OriginalEntry
  const text = Buffer.from(serializeEntry(shuffled)).toString()
  expect(Buffer.from(serializeEntry(reversed)).toString()).toBe(text)
  expect(text).toContain('\n    "prompt": "a lighthouse",\n')
  expect(text.endsWith('}\n')).toBe(true)
})

test('an answer that talks too much is still stored, without its talk', () => {
  expect(limitFacts(entry.facts)).toBe(entry.facts)
  const limited = limitFacts({ usage: 1, noise: 'x'.repeat(300_000) })
  expect(limited).toEqual({ omitted: expect.stringMatching(/bytes/), names: ['usage', 'noise'] })
})

test('what an answer cost is kept of any', () => {
  const [usage, noise] = [{ cost: 0.04 }, 'x'.repeat(300_000)]
  expect(limitFacts({ usage, noise })).toMatchObject({ names: ['usage', 'noise'], usage })
  expect(limitFacts({ usage: { noise } })).not.toHaveProperty('usage')
})

test('names are true to key, digest and format', () => {
  expect(entryName(entry.key)).toBe(`entries/${entry.key.slice(0, 2)}/${entry.key}.json`)
  expect(keyOfEntryName(entryName(entry.key))).toBe(entry.key)
  expect(keyOfEntryName(`entries/zz/${entry.key}.json`)).toBeUndefined()
  expect(keyOfEntryName(`entries/00/${entry.key.replace(/^../, '11')}.json`)).toBeUndefined()
  const { digest } = entry
  const extensions = (['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const).map(format =>
    blobName({ digest, format }).slice(`blobs/${digest.slice(0, 2)}/${digest}`.length),
  )
  expect(extensions).toEqual(['.png', '.jpg', '.webp', '.avif', '.gif', '.tif'])
})
