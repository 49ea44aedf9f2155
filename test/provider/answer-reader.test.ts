import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { AttemptError } from '../../src/provider/attempt-error.ts'
import { createAnswerReader } from '../../src/provider/openai/answer-reader.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import type { AnswerFacts } from '../../src/provider/provider.ts'

interface ReadAnswer {
  readonly picture: Buffer
  readonly facts: AnswerFacts
  readonly link?: string
}

function read(chunks: Iterable<Uint8Array>, answerBytes = 16 * 1024 * 1024): ReadAnswer {
  const reader = createAnswerReader({
    label: 'https://api.example.com/v1',
    moderation: PRESETS.llmeasy.moderation,
    scrub: text => text.replaceAll('sk-secret', '[API key]'),
    answerBytes,
    apiKey: 'sk-secret',
  })
  const pieces: Uint8Array[] = []
  for (const chunk of chunks) pieces.push(Buffer.from(reader.push(chunk)))
  return { ...reader.end(), picture: Buffer.concat(pieces) }
}

function readText(text: string): ReadAnswer {
  return read([Buffer.from(text)])
}

function problemOf(text: string): string {
  try {
    readText(text)
  } catch (error) {
    if (error instanceof AttemptError) return error.message
    throw error
  }
  throw new Error('An AttemptError was expected.')
}

const abc = 'QUJDREVG'

describe('the picture', () => {
  it.each([
    ['plain', abc],
    ['with a prefix', `data:image/png;base64,${abc}`],
    ['with a prefix in other letters', `DATA:image/png;charset=x;BASE64,${abc}`],
    ['with an escaped prefix', `data:image\\/png;base64,${abc}`],
    ['with escaped line ends', 'QUJD\\r\\nREVG\\n'],
    ['with spaces', ' QUJD REVG '],
    ['with unicode escapes', '\\u0051UJ\\u0044REVG'],
  ])('%s', (_name, text) => {
    const { picture } = readText(`{"data":[{"b64_json":"${text}"}]}`)
    expect(picture.toString()).toBe('ABCDEF')
  })

  it.each([
    ['Pz8/Pj4+', '???>>>'],
    ['Pz8_Pj4-', '???>>>'],
    ['Pz8\\u002fPj4\\u002b', '???>>>'],
    ['QQ==', 'A'],
    ['QQ', 'A'],
    ['QUI=', 'AB'],
    ['QUI', 'AB'],
    ['QUI=\\n', 'AB'],
  ])('%s', (text, expected) => {
    expect(readText(`{"data":[{"b64_json":"${text}"}]}`).picture.toString()).toBe(expected)
  })

  it.each([
    ['QU*D', 2],
    ['QUJDRE\\"G', 6],
    ['QUJDREVGé', 8],
    ['QUJD\\u20acREV', 4],
    ['QQ==QQ==', 4],
    ['QUJDR', 5],
    ['data:image/png,QUJD', 0],
  ])('%s is invalid at offset %i', (text, offset) => {
    expect(problemOf(`{"data":[{"b64_json":"${text}"}]}`)).toContain(`at offset ${offset} of`)
  })

  it('is found by its path only', () => {
    const text = `{"b64_json":"xx","usage":{"data":[{"b64_json":"yy"}]},"data":[{"other":{"b64_json":"zz"},"b64_json":"${abc}"}]}`
    const { picture, facts } = readText(text)
    expect(picture.toString()).toBe('ABCDEF')
    expect(facts.usage).toEqual({ data: [{ b64_json: 'yy' }] })
  })

  it.each(['{}', 'null', '{"b64_json":null}', '"b64_json"', '[{"b64_json":"x"}]'])(
    'is taken from the entry after %s',
    entry => {
      const { picture, facts } = readText(
        `{"data":[${entry},{"revised_prompt":"A","b64_json":"${abc}"}]}`,
      )
      expect(picture.toString()).toBe('ABCDEF')
      expect(facts).toEqual({ revised_prompt: 'A' })
    },
  )

  it.each(['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const)(
    'is the body itself, in %s',
    async format => {
      const drawn = sharp({ create: { width: 9, height: 9, channels: 3, background: 'teal' } })
      const bytes = await (format === 'avif' ? drawn.avif() : drawn.toFormat(format)).toBuffer()
      for (const size of [1, 7, 1_000_000]) {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        )
        expect(read(chunks)).toEqual({ picture: bytes, facts: {} })
      }
    },
  )

  it('may be at an address, which is not among the facts', () => {
    const url = 'https://cdn.example/1.png?signature=secret'
    expect(readText(JSON.stringify({ data: [null, { url, revised_prompt: 'A' }] }))).toEqual({
      picture: Buffer.alloc(0),
      facts: { revised_prompt: 'A' },
      link: url,
    })
    const { facts } = readText(JSON.stringify({ data: [{ url, b64_json: abc }] }))
    expect(facts).toEqual({})
  })

  it('is found under an escaped name', () => {
    const { picture } = readText(`{"d\\u0061ta":[{"b64\\u005fjson":"${abc}"}]}`)
    expect(picture.toString()).toBe('ABCDEF')
  })

  it('counts though what follows is cut off or no JSON', () => {
    for (const end of ['', '}', '}],"usage":{', '}]}{}', ']]']) {
      const { picture, facts } = readText(`{"data":[{"b64_json":"${abc}"${end}`)
      expect(picture.toString()).toBe('ABCDEF')
      expect(facts.warnings).toHaveLength(1)
    }
  })
})

describe('what is said beside the picture', () => {
  it('keeps the fields of the answer and of the picture', () => {
    const { facts } = readText(
      `\uFEFF{"created":1,"data":[{"revised_prompt":"é \\" \\u00e9","b64_json":"${abc}"}],"usage":{"total_tokens":3}}`,
    )
    expect(facts).toEqual({ created: 1, revised_prompt: 'é " é', usage: { total_tokens: 3 } })
  })

  it('keeps the first of several pictures, and says so', () => {
    const { picture, facts } = readText(
      `{"data":[{"b64_json":"${abc}"},{"b64_json":"${'Wlpa'.repeat(500_000)}"},{"b64_json":"!"}]}`,
    )
    expect(picture.toString()).toBe('ABCDEF')
    expect(facts.warnings).toEqual(['The answer holds 3 pictures. The first one is kept.'])
  })

  it.each([
    ['too long', JSON.stringify('x'.repeat(1_100_000))],
    ['too deep', '['.repeat(5_000) + ']'.repeat(5_000)],
  ])('drops what is %s, but not the picture', (_name, value) => {
    const { picture, facts } = readText(`{"note":${value},"data":[{"b64_json":"${abc}"}]}`)
    expect(picture.toString()).toBe('ABCDEF')
    expect(facts.warnings).toHaveLength(1)
    expect(JSON.stringify(facts).length).toBeLessThan(200)
  })

  it('holds no key that the API repeats', () => {
    const { facts } = readText(
      `{"note":"for sk-secret","data":[{"x":{"y":["s\\u006b-secret"]},"b64_json":"${abc}"}]}`,
    )
    expect(facts).toEqual({ note: 'for [API key]', x: { y: ['[API key]'] } })
  })

  it('cannot reach a prototype', () => {
    const { facts } = readText(`{"__proto__":{"evil":1},"data":[{"b64_json":"${abc}"}]}`)
    expect(Object.getPrototypeOf(facts)).toBe(Object.prototype)
    expect('evil' in facts).toBe(false)
  })
})

it('takes no more than the cap', () => {
  const answer = Buffer.from(`{"data":[{"b64_json":"${abc.repeat(100)}"}]}`)
  expect(() => read([answer], answer.length)).not.toThrow()
  expect(() => read([answer], answer.length - 1)).toThrow(
    expect.objectContaining({ code: 'ANSWER_TOO_LARGE' }),
  )
})

/** JSON of a value, with white space and escapes wherever they may be. */
function writeLoosely(value: unknown, next: () => number): string {
  const space = (): string => [' ', '\n', '\t', '', '', '', '', ''][next() % 8] ?? ''
  const string = (text: string): string =>
    `"${[...text].map(character => writeCharacter(character, next())).join('')}"`
  const write = (part: unknown): string => {
    if (typeof part === 'string') return space() + string(part) + space()
    if (Array.isArray(part)) return `${space()}[${part.map(write).join(',') || space()}]${space()}`
    if (typeof part !== 'object' || part === null) return space() + JSON.stringify(part) + space()
    const members = Object.entries(part).map(([name, member]) => `${write(name)}:${write(member)}`)
    return `${space()}{${members.join(',') || space()}}${space()}`
  }
  return write(value)
}

function writeCharacter(character: string, choice: number): string {
  if (choice % 16 === 0) {
    return character
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('')
  }
  if (character === '/' && choice % 2 === 0) return '\\/'
  return JSON.stringify(character).slice(1, -1)
}

function cut(bytes: Buffer, next: () => number): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + (next() % 23)
    chunks.push(bytes.subarray(at, end))
    at = end
  }
  return chunks
}

function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >>> 8
  }
}

describe('on any chunking, order, white space and escapes', () => {
  const names = fc
    .string({ maxLength: 6 })
    .filter(name => !['data', 'b64_json', 'url', 'error', 'warnings', '__proto__'].includes(name))
  const fields = fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 4,
    noNullPrototype: true,
  })
  const prefixes = fc.constantFrom('', 'data:image/png;base64,')
  const encodings = fc.constantFrom('base64' as const, 'base64url' as const)

  it('gives what a plain parse gives', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fields,
        fields,
        prefixes,
        encodings,
        fc.nat(),
        fc.boolean(),
        (bytes, ofAnswer, ofPicture, prefix, encoding, seed, dataFirst) => {
          const picture = Buffer.from(bytes)
          const b64_json = prefix + picture.toString(encoding)
          const data = [dataFirst ? { b64_json, ...ofPicture } : { ...ofPicture, b64_json }]
          const answer = dataFirst ? { data, ...ofAnswer } : { ...ofAnswer, data }
          const next = numbers(seed)
          const text = writeLoosely(answer, next)
          const got = read(cut(Buffer.from(text), next))
          expect(got.picture.equals(picture)).toBe(true)
          const parsed = JSON.parse(text)
          const { data: _, ...restOfAnswer } = parsed
          const { b64_json: __, ...restOfPicture } = parsed.data[0]
          expect(got.facts).toEqual({ ...restOfAnswer, ...restOfPicture })
        },
      ),
      { numRuns: 400 },
    )
  })

  it('gives a picture or an AttemptError for anything else', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '\\u00',
      'data',
      '"data"',
      '"b64_json"',
      '"error"',
      'QUJD',
      '=',
      'null',
      '1',
      ' ',
      '\n',
      '{"data":[{"b64_json":"',
      '"}]}',
      'é',
      '\0',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), fc.nat(), (parts, seed) => {
        try {
          expect(
            read(cut(Buffer.from(parts.join('')), numbers(seed))).picture.length,
          ).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(AttemptError)
        }
      }),
      { numRuns: 1000 },
    )
  })
})
