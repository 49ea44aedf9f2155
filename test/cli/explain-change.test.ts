import { describe, expect, it } from 'vitest'
import {
  createTextComparison,
  describeTextChange,
} from '../../src/cli/findings/describe-text-change.ts'
import { describeChange, explainChanges } from '../../src/cli/findings/explain-change.ts'
import { findResembled, matchEarlierVersions } from '../../src/plan/earlier/match-earlier.ts'
import type { ImageRequest } from '../../src/plan/image-request.ts'
import { sha256 } from '../../src/system/digest.ts'

const request = (changes: Partial<ImageRequest> = {}): ImageRequest => ({
  endpoint: 'generations',
  model: 'gpt-image-2',
  prompt: 'A lighthouse on a cliff, seen from the sea',
  size: '1536x1024',
  params: {},
  revision: 1,
  references: [],
  ...changes,
})

describe('describeChange', () => {
  it.each<[Partial<ImageRequest>, Partial<ImageRequest>, string]>([
    [{}, { size: '1024x1024' }, 'the size changed: 1536x1024 → 1024x1024'],
    [{}, { model: 'gpt-image-3' }, 'the model changed: gpt-image-2 → gpt-image-3'],
    [{}, { revision: 2 }, 'the revision changed: 1 → 2'],
    [{ params: { quality: 'low' } }, { params: {} }, 'params.quality was removed: low'],
    [{}, { params: { quality: 'high' } }, 'params.quality was added: high'],
    [{ params: { a: 1, b: 2 } }, { params: { b: 3, a: 1 } }, 'params.b changed: 2 → 3'],
    [
      { references: [sha256('a')] },
      { references: [sha256('b')] },
      'the referenced picture changed',
    ],
    [
      { references: [sha256('a'), sha256('b')] },
      { references: [sha256('a'), sha256('c')] },
      'the picture of reference 2 changed',
    ],
    [
      { references: [sha256('a'), sha256('b')] },
      { references: [sha256('b'), sha256('a')] },
      'the order of the references changed',
    ],
    [{}, { references: [sha256('a')] }, 'the number of references changed: 0 → 1'],
    [
      {},
      { revision: 2, size: 'auto' },
      'the size changed: 1536x1024 → auto; the revision changed: 1 → 2',
    ],
  ])('%j → %j', (before, after, expected) => {
    expect(describeChange(request(before), request(after))).toBe(expected)
  })
})

describe('describeTextChange', () => {
  const long = `A fishing village below a hill, its houses in faded colours, nets drying on poles,
    three boats on the shingle beach, an old woman mending a sail in the shade, gulls on every roof,
    the sea flat and silver, thin clouds near the horizon, no text anywhere, and a quiet street.`

  it.each([
    ['seen from the sea', 'seen from the harbour', '"…sea" → "…harbour"'],
    ['a red boat', 'a blue boat', '"…red…" → "…blue…"'],
    ['a boat', 'a small boat', '"a boat" → "a small boat"'],
    ['a boat at sea', 'a boat at sea, today', '"…sea" → "…sea, today"'],
    ['one', 'two', '"one" → "two"'],
    ['a red boat at sea', 'a blue boat in sea', '"…red boat at…" → "…blue boat in…"'],
    ['a  boat\nat sea', 'a boat at sea', 'only in its whitespace'],
    ['A boat\n\nFlat vector', 'A boat\n\nWoodcut', '"…Flat vector" → "…Woodcut"'],
    ['A boat\n\nWoodcut', 'A boat\n\nBold. Woodcut', '"…Woodcut" → "…Bold. Woodcut"'],
    ['A boat', 'A boat\n\nWoodcut', '"…boat" → "…boat Woodcut"'],
    ['A red boat\n\nFlat', 'A blue boat\n\nFlat', '"…red…" → "…blue…"'],
    ['夜明けの崖の上の灯台', '夕暮れの崖の上の灯台', '"夜明け…" → "夕暮れ…"'],
    [long, long.replace('three', 'seven'), '"…three…" → "…seven…"'],
    [
      long,
      long.replace('three', 'seven').replace('thin', 'thick'),
      '"…three…" → "…seven…" and "…thin…" → "…thick…"',
    ],
    [
      long,
      long
        .replace('fishing', 'mining')
        .replace('faded', 'fresh')
        .replace('three', 'seven')
        .replace('shade', 'sun')
        .replace('quiet', 'busy'),
      '"…fishing…" → "…mining…", "…faded…" → "…fresh…", "…three…" → "…seven…" and 2 more places',
    ],
  ])('%j → %j', (before, after, expected) => {
    expect(describeTextChange(before, after)).toBe(expected)
    const compare = createTextComparison()
    expect([compare(before, after), compare(before, after)]).toEqual([expected, expected])
  })

  it('says the same of texts that changed alike, and not of those that did not', () => {
    const compare = createTextComparison()
    expect(compare('A boat\n\nFlat', 'A boat\n\nBold')).toBe('"…Flat" → "…Bold"')
    expect(compare('A pier\n\nFlat', 'A pier\n\nBold')).toBe('"…Flat" → "…Bold"')
    expect(compare('Flat', 'Bold')).toBe('"Flat" → "Bold"')
  })

  it('cuts what is long behind its beginning, which differs', () => {
    const text = describeTextChange('one '.repeat(40), 'two '.repeat(40))
    expect(text).toMatch(/^"(one ){15}…" → "(two ){15}…"$/)
  })
})

describe('explainChanges', () => {
  it('takes the original that differs least, and each for one image', () => {
    const wanted = [
      { id: 'night', request: request({ prompt: 'A lighthouse on a cliff at night' }) },
      { id: 'day', request: request({ prompt: 'A lighthouse on a cliff by day, clouds' }) },
    ]
    const unneeded = [
      { key: 'b', request: request({ prompt: 'A lighthouse on a cliff by day' }) },
      { key: 'a', request: request({ prompt: 'A lighthouse on a hill at night' }) },
    ]
    expect(Object.fromEntries(explainChanges(matchEarlierVersions(wanted, unneeded)))).toEqual({
      night: 'the prompt changed: "…hill…" → "…cliff…"',
      day: 'the prompt changed: "…day" → "…day, clouds"',
    })
  })

  it('says nothing of an image that is like none of the originals', () => {
    const wanted = [{ id: 'team', request: request({ prompt: 'Six people around a table' }) }]
    expect(matchEarlierVersions(wanted, [{ key: 'a', request: request() }])).toEqual([])
  })

  it('explains 10,000 images whose style changed, without comparing each with each', () => {
    const prompts = Array.from({ length: 10_000 }, (_, index) => `Harbour ${index} at dawn, still`)
    const wanted = prompts.map((prompt, index) => ({
      id: `${index}`,
      request: request({ prompt: `${prompt}\n\nWoodcut, two colours` }),
    }))
    const unneeded = prompts.map((prompt, index) => ({
      key: `${index}`,
      request: request({ prompt: `${prompt}\n\nFlat vector` }),
    }))
    const began = performance.now()
    for (const { image, original } of matchEarlierVersions(wanted, unneeded.toReversed())) {
      expect(image.id).toBe(original.key)
    }
    expect(explainChanges(matchEarlierVersions(wanted, unneeded)).size).toBe(10_000)
    expect(findResembled(unneeded, wanted).size).toBe(10_000)
    // Each with each would be a hundred million comparisons, three times.
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  it('finds the earlier versions among many by the words that few have', () => {
    const prompts = Array.from({ length: 500 }, (_, index) => `Boat number${index} before a pier`)
    const wanted = prompts.map((prompt, index) => ({
      id: `${index}`,
      request: request({ prompt: prompt.replace('before', 'behind') }),
    }))
    const unneeded = prompts.map((prompt, index) => ({
      key: `${index}`,
      request: request({ prompt }),
    }))
    const matched = matchEarlierVersions(wanted, unneeded.toReversed())
    expect(matched).toHaveLength(500)
    for (const { image, original } of matched) expect(image.id).toBe(original.key)
  })
})
