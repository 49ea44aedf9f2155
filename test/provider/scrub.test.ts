import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteMask, createScrub } from '../../src/provider/scrub.ts'

const KEY = 'sk-a/key+that=is~long'

function maskIn(chunks: readonly Uint8Array[], key = KEY): string {
  const mask = createByteMask(key)
  return Buffer.concat([...chunks.map(chunk => mask.push(chunk)), mask.end()]).toString()
}

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

  it('leaves alone what could stand in a picture by chance', () => {
    expect(maskIn([Buffer.from('iVBORollamaw0KGgo')], 'ollama')).toBe('iVBORollamaw0KGgo')
  })
})

it('takes the key out of texts, in a URL too', () => {
  const scrub = createScrub(KEY)
  expect(scrub(`${KEY} ${encodeURIComponent(KEY)}`)).toBe('[API key] [API key]')
})
