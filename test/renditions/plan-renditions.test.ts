import { describe, expect, it } from 'vitest'
import type { OutputSettings, RasterFormat } from '../../src/manifest/manifest.ts'
import { planRenditions } from '../../src/renditions/plan-renditions.ts'
import type { RenditionSource } from '../../src/renditions/rendition.ts'
import type { Digest } from '../../src/system/digest.ts'

const source: RenditionSource = {
  path: '/originals/hero.png',
  digest: 'a'.repeat(64) as Digest,
  format: 'png',
  width: 1536,
  height: 1024,
  composite: false,
}

function plan(output: OutputSettings, from: Partial<RenditionSource> = {}, encoder = '1.0.0') {
  return planRenditions({ ...source, ...from }, output, encoder)
}

function sizes(output: OutputSettings, from: Partial<RenditionSource> = {}): string[] {
  return plan(output, from).formats[0]?.map(({ width, height }) => `${width}x${height}`) ?? []
}

function keys(output: OutputSettings, from: Partial<RenditionSource> = {}, encoder?: string) {
  return plan(output, from, encoder)
    .formats.flat()
    .map(({ key }) => key)
}

describe('what is taken as it is', () => {
  it.each<OutputSettings>([
    {},
    { quality: 70 },
    { fit: 'contain', placeholder: 'blur', file: 'og.png' },
  ])('a PNG with %j', output => {
    const [[only]] = plan(output).formats as [[object]]
    expect(only).toEqual({
      key: source.digest,
      format: 'png',
      width: 1536,
      height: 1024,
      verbatim: true,
    })
  })

  it.each<OutputSettings>([{ formats: ['png'] }, { widths: [640] }, { aspect: [1, 1] }])(
    'not a PNG with %j',
    output => {
      expect(
        plan(output)
          .formats.flat()
          .map(({ verbatim }) => verbatim),
      ).toEqual([false])
    },
  )

  it('not a JPEG, which becomes a PNG', () => {
    expect(plan({}, { format: 'jpeg' }).formats).toMatchObject([
      [{ format: 'png', verbatim: false }],
    ])
  })

  it('not a draft', () => {
    expect(plan({}, { drawn: true }).formats).toMatchObject([[{ format: 'png', verbatim: false }]])
  })
})

describe('sizes', () => {
  it.each<[string, OutputSettings, string[]]>([
    ['sorted, without duplicates', { widths: [1280, 640, 1280] }, ['640x427', '1280x853']],
    ['never scaled up', { widths: [640, 1536, 2048] }, ['640x427', '1536x1024']],
    ["the original's when all are too large", { widths: [2048, 4096] }, ['1536x1024']],
    ['cropped', { aspect: [16, 9], widths: [640] }, ['640x360']],
    ['cropped as large as the original allows', { aspect: [1, 1] }, ['1024x1024']],
    ['no crop beyond its height', { aspect: [1, 1], widths: [512, 1280] }, ['512x512']],
    ['letterboxed', { aspect: [1, 1], fit: 'contain', widths: [1280] }, ['1280x1280']],
    ['stretched', { aspect: [1, 2], fit: 'fill' }, ['512x1024']],
    ['inside a box', { aspect: [1, 1], fit: 'inside', widths: [600] }, ['600x400']],
    ['inside a wide box', { aspect: [3, 1], fit: 'inside', widths: [600] }, ['300x200']],
    ['around a box', { aspect: [1, 1], fit: 'outside', widths: [600] }, ['900x600']],
  ])('%s', (_, output, expected) => {
    expect(sizes({ formats: ['webp'], ...output })).toEqual(expected)
  })

  it('has at least one pixel', () => {
    expect(sizes({ widths: [1] }, { width: 1000, height: 2 })).toEqual(['1x1'])
  })
})

describe('keys', () => {
  const output: OutputSettings = { formats: ['webp', 'jpeg'], widths: [320, 640] }

  it('differ for every file', () => {
    expect(new Set(keys(output)).size).toBe(4)
  })

  it('stay for the same work', () => {
    expect(keys(output)).toEqual(
      keys({ ...output, placeholder: 'blur', file: 'x.webp' }, { path: '/b' }),
    )
    expect(keys({ formats: ['webp'] })).toEqual(keys({ formats: ['webp'], quality: 80 }))
    expect(keys({ formats: ['png'] })).toEqual(keys({ formats: ['png'], quality: 10 }))
  })

  it('are the ones that 0.1.0 gave', () => {
    const recorded = (output: OutputSettings) =>
      keys(output, { digest: 'ab'.repeat(32) as Digest }, '8.17.0').map(key => key.slice(0, 8))
    const formats: readonly RasterFormat[] = ['avif', 'webp', 'jpeg', 'png']
    expect(recorded({ formats, widths: [640, 1280] })).toEqual(
      '6989c2da d17d8c01 f28f785e b3b67f67 f282681f 57b2240a 31ffae1e 54f6a779'.split(' '),
    )
    const square: OutputSettings = { formats: ['jpeg'], quality: 70, aspect: [1, 1] }
    expect(recorded(square)).toEqual(['76c251fb'])
    expect(recorded({ formats: ['webp'], aspect: [4, 5], fit: 'contain' })).toEqual(['0ff49240'])
    // The same work said in other ways.
    expect(recorded({ ...square, position: [50, 50] })).toEqual(['76c251fb'])
    expect(recorded({ ...square, quality: { jpeg: 70, avif: 1 }, effort: 3 })).toEqual(['76c251fb'])
    expect(recorded({ formats, width: 640, densities: [2] })).toEqual(
      recorded({ formats, widths: [640, 1280] }),
    )
  })

  it.each<[string, readonly Digest[]]>([
    ['effort', keys({ ...output, effort: 9 })],
    ['position', keys({ ...output, aspect: [1, 1], position: 'attention' })],
    ['original', keys(output, { digest: 'b'.repeat(64) as Digest })],
    ['provenance', keys(output, { composite: true })],
    ['quality', keys({ ...output, quality: 33 })],
    ['encoder', keys(output, {}, '2.0.0')],
  ])('change with the %s', (_, changed) => {
    const before = new Set(keys(output))
    expect(changed.filter(key => before.has(key))).toEqual([])
  })

  it('tell fits of the same size apart', () => {
    const of = (fit: 'cover' | 'fill') => keys({ aspect: [1, 1], widths: [64], fit })
    expect(of('cover')).not.toEqual(of('fill'))
  })
})

it('keeps the order of formats', () => {
  const formats = plan({ formats: ['avif', 'webp', 'png'] }).formats.map(([first]) => first.format)
  expect(formats).toEqual(['avif', 'webp', 'png'])
})
