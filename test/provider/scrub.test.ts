import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteMask, createScrub } from '../../src/provider/scrub.ts'

const KEY = 'sk-a/key+that=is~long'

function maskIn(chunks: readonly Uint8Array[], key = KEY): string {
  const mask = createByteMask(key)
  return Buffer.concat([...chunks.map(chunk => mask.push(chunk)), mask.end()]).toString()
}

/** The key as servers may repeat it, in texts that are more than the key. */
const ENCODED: Readonly<Record<string, string>> = {
  'as it is': KEY,
  'in other case': KEY.toUpperCase(),
  percent: encodeURIComponent(KEY),
  'percent in lower case': encodeURIComponent(KEY).toLowerCase(),
  'percent twice': encodeURIComponent(encodeURIComponent(KEY)),
  'percent throughout': KEY.replace(/./g, letter => `%${letter.charCodeAt(0).toString(16)}`),
  JSON: JSON.stringify(KEY),
  'JSON with escaped slashes': JSON.stringify(JSON.stringify(KEY)).replaceAll('/', '\\/'),
  'JSON of .NET': KEY.replaceAll('+', '\\u002B'),
  base64: Buffer.from(KEY).toString('base64'),
  'base64 behind a byte': Buffer.from(` ${KEY}.`).toString('base64'),
  'base64 behind two bytes': Buffer.from(`a:${KEY}`).toString('base64'),
  base64url: Buffer.from(`Bearer ${KEY}`).toString('base64url'),
  'cut up by controls': [...KEY].join('\u0000\u001b'),
  'cut up by marks': [...KEY].join('\u{202e}\u{200b}'),
  'base64 in lines': Buffer.from(KEY).toString('base64').replace(/.{9}/g, '$&\r\n'),
}

describe('a text', () => {
  it.each(Object.entries(ENCODED))('loses the key: %s', (_name, form) => {
    const text = createScrub(KEY)(`Denied for “${form}”.`)
    expect(text).toContain('[API key]')
    // Letters at the ends of base64 hold bits of what stands beside the key.
    expect(text.replace('[API key]', '').length).toBeLessThan('Denied for “”.'.length + 16)
  })

  it('keeps all else', () => {
    const scrub = createScrub(KEY)
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => scrub(text) === text))
  })

  it('takes no long time, whatever it is made of', () => {
    const scrub = createScrub(KEY)
    const started = performance.now()
    for (const piece of ['\\', 's', 's\u0000', '%25', 'sk-a', '\u0000']) {
      scrub(piece.repeat((512 * 1024) / piece.length))
    }
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

it('masks no secret that ordinary words hold', () => {
  expect(createScrub('ollama')('an ollama server')).toBe('an ollama server')
})

describe('a mask for bytes', () => {
  it('finds the key in any chunks and any form, and changes nothing else', () => {
    const forms = fc.constantFrom(KEY, encodeURIComponent(KEY), KEY.replaceAll('/', '\\/'))
    const text = fc.array(fc.oneof(forms, fc.string(), fc.constant('sk-a/')))
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 30 }), (parts, size) => {
        const bytes = Buffer.from(parts.join(' '))
        const chunks: Uint8Array[] = []
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
        const expected = [encodeURIComponent(KEY), KEY.replaceAll('/', '\\/'), KEY].reduce(
          (rest, form) => rest.replaceAll(form, '*'.repeat(form.length)),
          bytes.toString(),
        )
        expect(maskIn(chunks)).toBe(expected)
      }),
    )
  })

  it.each(
    Object.entries(ENCODED).filter(([name]) =>
      /^(as it|percent$|JSON$|base64(?!.*lines))/.test(name),
    ),
  )('masks the key: %s', (_name, form) => {
    const masked = maskIn([Buffer.from(`{"a":"${form}"}`)])
    expect(masked).toHaveLength(form.length + 8)
    expect(masked).toMatch(/\*{20}|A{20}/)
  })

  it('leaves a picture readable whose metadata it masks', () => {
    const bytes = Buffer.from(`\x89PNG Authorization: Bearer ${KEY}; IDAT`, 'latin1')
    const masked = Buffer.from(maskIn([Buffer.from(bytes.toString('base64'))]), 'base64')
    expect(masked).toHaveLength(bytes.length)
    expect(masked.toString('latin1')).toMatch(/^\x89PNG Authorization: Bearer [^-]*; IDAT$/)
  })

  it('leaves alone what could stand in a picture by chance', () => {
    expect(maskIn([Buffer.from('iVBORollamaw0KGgo')], 'ollama')).toBe('iVBORollamaw0KGgo')
  })
})
