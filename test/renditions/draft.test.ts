import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { createRenditions } from '../../src/renditions/create-renditions.ts'
import { type Draft, type DraftState, drawDraft } from '../../src/renditions/draft/draft.ts'
import { storeDraft } from '../../src/renditions/draft/store-draft.ts'
import { strokeText } from '../../src/renditions/draft/stroke-font.ts'
import { temporaryFolder } from '../support/folder.ts'

const draft: Draft = { name: 'hero', width: 1536, height: 1024, state: 'missing' }

/** Where the letters of a draft are, and how many of its pixels they cover. */
async function readInk(shown: Draft) {
  const svg = drawDraft(shown).replace(/<(?:circle|rect|path fill|path class)[^>]*>/g, '')
  const { data, info } = await sharp(Buffer.from(svg))
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const columns = Array.from({ length: info.width }, (_, x) => {
    let ink = 0
    for (let y = 0; y < info.height; y += 1) if ((data[y * info.width + x] ?? 0) > 128) ink += 1
    return ink
  })
  return {
    total: columns.reduce((sum, ink) => sum + ink, 0),
    first: columns.findIndex(ink => ink > 0),
    last: columns.findLastIndex(ink => ink > 0),
  }
}

describe('drawDraft', () => {
  it.each([
    [1536, 1024],
    [1024, 1536],
    [3840, 2160],
    [1600, 200],
    [120, 900],
  ])('has the proportions of %i×%i and its letters inside', async (width, height) => {
    const shown: Draft = {
      ...draft,
      width,
      height,
      name: 'a-rather-long-name-of-an-image',
      note: 'Your request was rejected by the safety system of the provider, and that is all it said',
    }
    const metadata = await sharp(Buffer.from(drawDraft(shown))).metadata()
    expect([metadata.width, metadata.height]).toEqual([width, height])
    const { first, last, total } = await readInk(shown)
    expect(first).toBeGreaterThan(width * 0.02)
    expect(last).toBeLessThan(width * 0.98)
    expect(total).toBeGreaterThan(100)
  })

  it('needs no font', () => {
    expect(drawDraft(draft)).not.toMatch(/<text|font/)
  })

  it('is small, and the same every time', () => {
    const svg = drawDraft({ ...draft, state: 'generating', note: 'attempt 2' })
    expect(svg).toBe(drawDraft({ ...draft, state: 'generating', note: 'attempt 2' }))
    expect(Buffer.byteLength(svg)).toBeLessThan(8_000)
  })

  it('follows the colour scheme', () => {
    expect(drawDraft(draft)).toContain('@media(prefers-color-scheme:dark)')
  })

  it('shows every state in its own way', () => {
    const states: readonly DraftState[] = [
      'missing',
      'waiting',
      'generating',
      'failed',
      'uncertain',
      'corrupt',
    ]
    expect(new Set(states.map(state => drawDraft({ ...draft, state }))).size).toBe(states.length)
  })

  it.each(['</title><script>alert(1)</script>', '&amp;"\'', '\0\x1B[31m\uD800', ']]>', '-->'])(
    'stays well-formed with the name %j',
    async name => {
      const svg = drawDraft({ ...draft, name, note: name })
      expect(svg).not.toContain('<script')
      expect(svg.match(/<title>/g)).toHaveLength(1)
      await expect(sharp(Buffer.from(svg)).metadata()).resolves.toMatchObject({ format: 'svg' })
    },
  )

  it('draws even an empty name and a single pixel', async () => {
    const svg = drawDraft({ ...draft, name: '', width: 1, height: 1 })
    await expect(sharp(Buffer.from(svg)).png().toBuffer()).resolves.toBeInstanceOf(Buffer)
  })
})

describe('strokeText', () => {
  const paths = (text: string) => strokeText(text).glyphs.map(({ path }) => path)

  it('has strokes of its own for every printable ASCII character', () => {
    const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index))
    const [unknown] = paths('漢')
    const drawn = printable.flatMap(paths)
    expect(drawn).toHaveLength(94)
    expect(drawn).not.toContain(unknown)
    expect(new Set(drawn).size).toBeGreaterThanOrEqual(93) // l and I are one stroke each
  })

  it.each([
    ['Zürich', 'Zurich'],
    ['маяк', 'mayak'],
    ['Щука', 'Shchuka'],
    ['Straße', 'Strasse'],
    ['a–b', 'a-b'],
  ])('draws %s as %s', (text, as) => {
    expect(paths(text)).toEqual(paths(as))
  })

  it('does not take inherited names for letters', () => {
    expect(paths('constructor')).toHaveLength(11)
  })
})

describe('storeDraft', () => {
  it('gives something that renditions are made from, without a provenance', async () => {
    const folder = await temporaryFolder()
    const cacheDir = join(folder, 'cache')
    const source = await storeDraft({ ...draft, width: 300, height: 200 }, cacheDir)
    const renditions = createRenditions({ cacheDir, pixels: 3840 })
    const plan = renditions.plan(source, { formats: ['avif', 'png'], widths: [150] })
    for (const { path } of await renditions.render(source, plan)) {
      const metadata = await sharp(path).metadata()
      expect(metadata).toMatchObject({ width: 150, height: 100 })
      expect(metadata.xmp).toBeUndefined()
    }
  })

  it('is a PNG where nothing is asked', async () => {
    const folder = await temporaryFolder()
    const source = await storeDraft({ ...draft, width: 30, height: 20 }, folder)
    const renditions = createRenditions({ cacheDir: folder, pixels: 3840 })
    const [file] = await renditions.render(source, renditions.plan(source, {}))
    expect(await sharp(file?.path).metadata()).toMatchObject({ format: 'png', width: 30 })
    expect((await readFile(source.path, 'utf8')).startsWith('<svg')).toBe(true)
    expect((await readdir(folder)).every(name => /^(?:[0-9a-f]{2}|records)$/.test(name))).toBe(true)
  })
})
