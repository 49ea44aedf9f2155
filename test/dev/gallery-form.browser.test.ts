import { describe, expect, test } from 'vitest'
import { chromium, startGallery, useBrowser, violations } from './gallery-site.ts'

const MANIFEST = `# What the site shows.
defaults:
  style: Flat vector   # the brand's
  output: { formats: [avif, png] }
images:
  hero:
    # Seen from the sea.
    prompt: A lighthouse on a cliff
    size: 1536x1024
    params: { quality: high }
    variants:
      dark:
        media: "(prefers-color-scheme: dark)" # the theme
        image: night
  night:
    prompt: The same at night
    references: [{ image: hero }]
    size: 1536x1024
`

const HERO = 'site.image.yaml#hero'

describe.skipIf(!chromium)('the form of words (skipped without Chromium)', () => {
  const { openGalleryPage } = useBrowser()

  async function edit() {
    const started = await startGallery(MANIFEST, {
      vite: { options: { budget: { prices: { '1536x1024': 0.25 }, currency: 'EUR' } } },
    })
    const { page, troubles } = await openGalleryPage(started.url, HERO)
    await page.keyboard.press('e')
    await page.getByLabel('Prompt', { exact: true }).waitFor()
    const group = (name: string) => page.getByRole('group', { name, exact: true })
    const diff = async () => {
      const region = page.getByRole('region', { name: /^Changes in/ })
      const lines = ((await region.textContent()) ?? '').split('\n')
      return lines.filter(line => /^[+−]/.test(line)).map(line => line.replace(/\s+/g, ' '))
    }
    const focused = () =>
      page.evaluate(
        () =>
          document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent,
      )
    return { ...started, page, troubles, group, diff, focused }
  }

  test('writes everything of a variant, with help, inherited values and faults at the field', async () => {
    const { page, group, diff, read, troubles } = await edit()
    const dark = group('Variant dark')
    expect(await dark.getByLabel('Media query').inputValue()).toBe('(prefers-color-scheme: dark)')
    expect(await dark.getByLabel('Other image').inputValue()).toBe('night')
    await dark.getByLabel('Add a setting of dark').selectOption('output.aspect')
    const aspect = dark.getByLabel('output.aspect')
    await expect.poll(() => aspect.evaluate(field => field === document.activeElement)).toBe(true)
    await page.keyboard.type('4/5')
    await dark.getByRole('alert').getByText(/16:9/).waitFor()
    expect(await aspect.getAttribute('aria-invalid')).toBe('true')
    const described = await aspect.getAttribute('aria-describedby')
    const texts = (described ?? '').split(' ').map(id => page.locator(`[id="${id}"]`).textContent())
    expect((await Promise.all(texts)).join(' ')).toMatch(/Aspect ratio.*16:9/)
    await page.getByRole('status').getByText('Mend 1 fault to save.').waitFor()
    expect(await violations(page)).toEqual([])
    await aspect.fill('4:5')
    await dark.getByLabel('Add a setting of dark').selectOption('output.formats')
    expect(await dark.getByLabel('output.formats').getAttribute('placeholder')).toBe('avif, png')
    await expect.poll(diff).toEqual(['+ output:', '+ aspect: 4:5'])
    await page.getByRole('status').getByText('Saving generates nothing.').waitFor()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect
      .poll(read)
      .toBe(
        MANIFEST.replace(
          '        image: night\n',
          '        image: night\n        output:\n          aspect: 4:5\n',
        ),
      )
    expect(troubles).toEqual([])
  })

  test('adds a variant with a usual media query, and removes one', async () => {
    const { page, group, read, diff } = await edit()
    await page.getByLabel('Name of a new variant').fill('phone')
    await page.keyboard.press('Enter')
    const phone = group('Variant phone')
    await expect
      .poll(() =>
        phone.getByLabel('Media query').evaluate(field => field === document.activeElement),
      )
      .toBe(true)
    expect(await phone.getByLabel('Media query').inputValue()).toBe('(max-width: 40rem)')
    // Without anything else there would be no difference.
    await phone.getByRole('alert').getByText(/.+/).first().waitFor()
    await phone.getByLabel('Add a setting of phone').selectOption('output.position')
    await phone.getByLabel('output.position').fill('30% 60%')
    await phone.getByLabel('Add a setting of phone').selectOption('output.aspect')
    await phone.getByLabel('output.aspect').fill('4:5')
    await group('Variant dark').getByRole('button', { name: 'Remove dark' }).click()
    await page.getByText('Variant dark goes when you save.').waitFor()
    await expect.poll(diff).toContain('− image: night')
    await page.getByRole('button', { name: 'Keep dark' }).click()
    await expect.poll(diff).not.toContain('− image: night')
    await group('Variant dark').getByRole('button', { name: 'Remove dark' }).click()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved.').waitFor()
    const text = await read()
    expect(text).toContain('"(max-width: 40rem)"'.replaceAll('"', ''))
    expect(text).not.toContain('dark')
    // The way back is one click, and the focus stays in the panel.
    await page.getByRole('button', { name: /^Undo the change of variants/ }).click()
    await expect.poll(read).toBe(MANIFEST)
  })

  test('writes request settings as people write them, and says what they cost', async () => {
    const { page, group, read, diff } = await edit()
    const request = group('Request')
    expect(await request.getByLabel('Parameters').inputValue()).toBe('quality: high')
    await request.getByLabel('Parameters').fill('quality: high, background: transparent, seed: 7')
    await expect
      .poll(diff)
      .toEqual([
        '− params: { quality: high }',
        '+ params: { quality: high, background: transparent, seed: 7 }',
      ])
    await page
      .getByRole('status')
      .getByText(/^Generating makes 2 pictures \(hero and night\) for about 0\.50 EUR\./)
      .waitFor()
    await request.getByLabel('Add a request setting').selectOption('References')
    const references = request.getByLabel('References')
    const completions = () =>
      references.evaluate(field =>
        field instanceof HTMLInputElement ? [...(field.list?.options ?? [])].map(o => o.value) : [],
      )
    await expect.poll(completions).toEqual(['night'])
    await references.fill('night')
    // A circle is a fault of this field.
    await request.getByRole('alert').getByText(/night/).first().waitFor()
    expect(await references.getAttribute('aria-invalid')).toBe('true')
    await references.fill('')
    await page.getByLabel('No style for this image').check()
    await expect.poll(diff).toContain('+ style: ""')
    await page.getByRole('button', { name: 'Save without generating' }).click()
    await page.getByText('Saved.').waitFor()
    expect(await read()).toBe(
      MANIFEST.replace(
        'params: { quality: high }',
        'params: { quality: high, background: transparent, seed: 7 }',
      ).replace('        image: night\n', '        image: night\n    style: ""\n'),
    )
  })

  test('completes the last part of a list', async () => {
    const { page, group } = await edit()
    await group('Output').getByLabel('Add an output setting').selectOption('output.formats')
    const formats = group('Output').getByLabel('output.formats')
    const completions = () =>
      formats.evaluate(field =>
        field instanceof HTMLInputElement ? [...(field.list?.options ?? [])].map(o => o.value) : [],
      )
    await formats.fill('avif, ')
    await expect.poll(completions).toEqual(['avif, png', 'avif, jpeg', 'avif, webp'])
    await formats.fill('avif, gif')
    await group('Output')
      .getByRole('alert')
      .getByText(/gif|png/)
      .first()
      .waitFor()
    // An emptied field stays until the form is closed.
    await formats.fill('')
    expect(await formats.isVisible()).toBe(true)
    expect(await violations(page)).toEqual([])
  })

  test('says what is wrong where the form has no field for it, and keeps the focus in the panel', async () => {
    const { page, focused, site } = await edit()
    await page.getByRole('button', { name: 'Close editor' }).click()
    await expect.poll(focused).toBe('Edit words')
    await site.write({
      'site.image.yaml': MANIFEST.replace(
        'size: 1536x1024\n    params',
        'siez: 1536x1024\n    params',
      ),
    })
    await page.keyboard.press('e')
    await page.getByLabel('Prompt', { exact: true }).fill('A lamp')
    await page
      .getByRole('alert')
      .getByText(/^Line 9: .*siez/)
      .waitFor()
    await page.getByRole('status').getByText('Mend 1 fault to save.').waitFor()
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await expect.poll(focused).toBe('Edit words')
  })

  test('leads the focus on after saving and after undo', async () => {
    const { page, focused, read } = await edit()
    for (const alt of ['one', 'two']) {
      await page.getByLabel('Alt text').fill(alt)
      await page.getByRole('button', { name: 'Save', exact: true }).click()
      await page.getByRole('alert').getByText('Saved.').waitFor()
      await expect.poll(focused).toBe('Edit words')
      await page.keyboard.press('Enter')
      await page.getByLabel('Alt text').waitFor()
    }
    await page.getByRole('button', { name: 'Close editor' }).click()
    const undo = page.getByRole('button', { name: 'Undo the change of alt of hero' })
    await expect.poll(() => undo.count()).toBe(2)
    await undo.first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('Undid the change of alt.').waitFor()
    await expect.poll(() => undo.count()).toBe(1)
    expect(await focused()).toBe('Undo the change of alt of hero')
    await expect.poll(() => undo.first().getAttribute('aria-disabled')).toBe(null)
    await page.keyboard.press('Enter')
    await expect.poll(focused).toBe('Edit words')
    expect(await read()).toBe(MANIFEST)
  })
})
