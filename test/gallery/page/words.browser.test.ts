import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type {
  GalleryWords,
  GalleryWordsChange,
  GalleryWordsCheck,
  GalleryWordsSave,
} from '../../../src/gallery/data/gallery-exchanges.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

const HERO = 'src/site.image.yaml#hero'
const IMAGE = { manifest: 'src/site.image.yaml', name: 'hero' }

const WORDS: GalleryWords = {
  image: IMAGE,
  digest: 'd1',
  fields: {
    prompt: 'A lighthouse',
    size: '2048x1152',
    output: { formats: ['avif', 'webp'], aspect: '16:9' },
  },
  inherited: { style: 'Flat vector' },
  shared: [IMAGE],
  location: { path: IMAGE.manifest, line: 2, column: 3 },
}

const CHECK: GalleryWordsCheck = {
  diff: [
    { kind: 'same', text: '  hero:', line: 2 },
    { kind: 'removed', text: '    prompt: A lighthouse', line: 3 },
    { kind: 'added', text: '    prompt: A lamp', line: 3 },
  ],
  faults: [],
  requests: [
    { image: IMAGE, because: 'words', state: 'missing' },
    { image: { ...IMAGE, name: 'hero-night' }, because: 'reference', state: 'blocked' },
  ],
  cost: { amount: 0.08, currency: 'EUR' },
  budget: { spent: 12, limit: 100 },
  canKeep: true,
}

describe.skipIf(!chromium)('editing words (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  let checks: GalleryWordsChange[]
  let saves: GalleryWordsSave[]
  beforeAll(async () => {
    gallery = await startPageHarness()
  })
  beforeEach(async () => {
    checks = []
    saves = []
    const schema = JSON.parse(await readFile('schema.json', 'utf8'))
    gallery.server.answers = {
      words: () => WORDS,
      'schema.json': () => schema,
      'words/check': ({ body }) => {
        checks.push(JSON.parse(body.toString()))
        return CHECK
      },
      'words/save': ({ body }) => {
        saves.push(JSON.parse(body.toString()))
        return { digest: 'd2' }
      },
      history: () => ({ versions: [], isCut: false }),
    }
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  const edit = async () => {
    const page = await gallery.openImage(HERO)
    await page.keyboard.press('e')
    await expectShown(page.getByLabel('Prompt', { exact: true }))
    return page
  }

  test('shows what would be written, requested and spent before anything is saved', async () => {
    const page = await edit()
    const prompt = page.getByLabel('Prompt', { exact: true })
    expect(await prompt.evaluate(field => field === document.activeElement)).toBe(true)
    expect(await page.getByLabel('Style', { exact: true }).getAttribute('placeholder')).toBe(
      'Flat vector',
    )
    expect(await page.getByLabel('output.formats', { exact: true }).inputValue()).toBe('avif, webp')
    await prompt.fill('A lamp')
    const diff = page.getByRole('region', { name: 'Changes in src/site.image.yaml' })
    expect(await diff.textContent()).toBe(
      '    hero:\n−     prompt: A lighthouse\n+     prompt: A lamp\n',
    )
    await expectShown(
      page.getByText(
        'Generating makes 2 pictures (hero and hero-night) for about 0.08 EUR. The budget has 88 requests left.',
      ),
    )
    expect(checks.at(-1)).toEqual({
      token: 'sample-token',
      image: IMAGE,
      digest: 'd1',
      edits: [{ path: ['prompt'], value: 'A lamp' }],
    })
    expect(await gallery.violations()).toEqual([])
    await page.getByRole('button', { name: 'Save and generate 2' }).click()
    await expectShown(page.getByText('Saved.'))
    expect(saves).toMatchObject([{ digest: 'd1', pictures: 'generate' }])
    expect(await prompt.count()).toBe(0)
  })

  test('keeps the picture, or generates nothing, as is chosen', async () => {
    const page = await edit()
    await page.getByLabel('Style', { exact: true }).fill('Woodcut')
    await page.getByRole('button', { name: 'Save and keep this picture' }).click()
    await expectShown(page.getByText('Saved.'))
    await page.getByRole('button', { name: 'Edit words' }).click()
    await page.getByLabel('Alt text').fill('A lighthouse')
    await page.getByRole('button', { name: 'Save without generating' }).click()
    await expect.poll(() => saves.map(({ pictures }) => pictures)).toEqual(['keep', 'hold'])
    expect(saves[0]?.edits).toEqual([{ path: ['style'], value: 'Woodcut' }])
  })

  test('completes from the schema, and sends values of its types', async () => {
    const page = await edit()
    const suggestions = (label: string): Promise<string[]> =>
      page
        .getByLabel(label, { exact: true })
        .evaluate(field =>
          field instanceof HTMLInputElement
            ? [...(field.list?.options ?? [])].map(({ value }) => value)
            : [],
        )
    expect(await suggestions('Size')).toContain('1536x1024')
    await page.getByLabel('Add an output setting').selectOption('widths')
    await page.getByLabel('output.widths').fill('640, 1280')
    await page.getByLabel('Add an output setting').selectOption('placeholder')
    const placeholder = page.getByLabel('output.placeholder')
    // It takes the focus once it is drawn, also from a field that is being filled by then.
    await expect.poll(() => placeholder.evaluate(own => own === document.activeElement)).toBe(true)
    expect(await suggestions('output.placeholder')).toContain('blur')
    await page.getByLabel('output.aspect').fill('')
    await page.getByLabel('output.formats').focus()
    await expectShown(page.getByText(/^File formats, best first/))
    await expect
      .poll(() => checks.at(-1)?.edits)
      .toEqual([
        { path: ['output', 'widths'], value: [640, 1280] },
        { path: ['output', 'aspect'], value: null },
      ])
  })

  test('says what is wrong at the field, and saves nothing with it', async () => {
    const answer: GalleryWordsCheck = {
      ...CHECK,
      faults: [
        { path: ['size'], line: 4, column: 5, message: 'This is no size.', hint: 'Write `auto`.' },
        { line: 9, column: 1, message: 'night refers to nothing.' },
      ],
    }
    gallery.server.answers['words/check'] = () => answer
    const page = await edit()
    const size = page.getByLabel('Size', { exact: true })
    await size.fill('12')
    await expectShown(page.getByRole('alert').getByText('This is no size. Write `auto`.'))
    expect(await size.getAttribute('aria-invalid')).toBe('true')
    await expectShown(page.getByText('Line 9: night refers to nothing.'))
    await page.getByRole('button', { name: 'Save and generate 2' }).press('Enter')
    expect(saves).toEqual([])
    expect(await gallery.violations()).toEqual([])
  })

  test('keeps what was typed when the file changed meanwhile, and when one looks elsewhere', async () => {
    const problem = 'src/site.image.yaml changed since this page read it.'
    gallery.server.answers['words/check'] = ({ body }) =>
      JSON.parse(body.toString()).digest === 'd1' ? { status: 409, error: problem } : CHECK
    const page = await edit()
    await page.getByLabel('Prompt', { exact: true }).fill('A lamp')
    await expectShown(page.getByRole('alert').getByText(problem))
    gallery.server.answers.words = () => ({ ...WORDS, digest: 'd2' })
    await page.getByRole('button', { name: 'Read the manifest again' }).click()
    await expectShown(page.getByRole('button', { name: 'Save without generating' }))
    await page.getByRole('button', { name: 'Next image' }).click()
    await page.getByRole('button', { name: 'Previous image' }).click()
    expect(await page.getByLabel('Prompt', { exact: true }).inputValue()).toBe('A lamp')
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await expectShown(page.getByRole('button', { name: 'Edit words' }))
  })

  test('says why words cannot be edited here', async () => {
    const refusal = 'The words of hero stand in another package.'
    gallery.server.answers.words = () => ({ ...WORDS, refusal })
    const page = await edit()
    await expectShown(page.getByRole('alert').getByText(refusal))
    expect(await gallery.violations()).toEqual([])
  })

  test('undoes what the page wrote, and says why it cannot', async () => {
    const change = { image: IMAGE, manifest: IMAGE.manifest, at: new Date().toISOString() }
    const refusal = 'src/site.image.yaml changed since.'
    gallery.server.data = {
      ...gallery.sample.data,
      changes: [
        { ...change, id: 'c2', label: 'prompt' },
        { ...change, id: 'c1', label: 'size', refusal },
      ],
    }
    const undone: string[] = []
    gallery.server.answers.undo = ({ body }) => {
      undone.push(JSON.parse(body.toString()).change)
      return { digest: 'd3' }
    }
    const page = await gallery.openImage(HERO)
    await expectShown(page.getByText(refusal))
    await page.getByRole('button', { name: 'Undo the change of size of hero' }).press('Enter')
    await page.getByRole('button', { name: 'Undo the change of prompt of hero' }).click()
    await expectShown(page.getByText('Undid the change of prompt.'))
    expect(undone).toEqual(['c2'])
    await gallery.send({ changes: [] })
    await page.getByRole('button', { name: /^Undo/ }).first().waitFor({ state: 'detached' })
  })

  test('says which earlier changes cannot be undone, and no longer once they can', async () => {
    const changesProblem = '.imagegen/local/undo/1.json cannot be read.'
    gallery.server.data = { ...gallery.sample.data, changesProblem }
    const page = await gallery.open()
    const warning = page.getByRole('region', { name: 'Some changes cannot be undone' })
    await expectShown(warning.getByText(changesProblem))
    expect(await gallery.violations()).toEqual([])
    await gallery.send({ changesProblem: '' })
    await warning.waitFor({ state: 'detached' })
  })

  test('sets the middle of a crop by a click, and shows it before it is saved', async () => {
    const page = await gallery.openImage(HERO)
    await page.getByLabel('Crop').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Move the crop' }).click()
    const view = await page.locator('.view').boundingBox()
    if (!view) throw new Error('There is no picture.')
    await page.mouse.click(view.x + view.width * 0.8, view.y + view.height / 2)
    await expect
      .poll(() => checks.at(-1)?.edits)
      .toEqual([{ path: ['variants', 'phone', 'output', 'position'], value: '100% 50%' }])
    const mark = await page.locator('.crop').boundingBox()
    expect((mark?.x ?? 0) + (mark?.width ?? 0)).toBeCloseTo(view.x + view.width, 0)
    await page.getByRole('button', { name: 'Save without generating' }).click()
    await expectShown(page.getByText('Saved.'))
  })

  test('shows earlier words of the repository, and edits from them', async () => {
    gallery.server.answers.history = () => ({
      isCut: true,
      versions: [
        {
          commit: 'a1b2c3d',
          author: 'Ana',
          at: '2026-11-01T00:00:00Z',
          subject: 'Say it shorter',
          fields: { prompt: 'A tower at sea', size: 'auto' },
        },
      ],
    })
    const page = await gallery.openImage(HERO)
    await page.getByText('History of these words').click()
    await expectShown(page.getByText('A tower at sea'))
    await expectShown(page.getByText(/Say it shorter · Ana · a1b2c3d/))
    await page.getByRole('button', { name: 'Edit from these words' }).click()
    await expect
      .poll(() => page.getByLabel('Prompt', { exact: true }).inputValue())
      .toBe('A tower at sea')
    expect(await gallery.violations()).toEqual([])
  })
})
