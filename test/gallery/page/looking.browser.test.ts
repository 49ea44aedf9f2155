import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GalleryPlaceholder } from '../../../src/gallery/data/gallery-details.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

const HERO = 'src/site.image.yaml#hero'

describe.skipIf(!chromium)('looking at pictures (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  beforeAll(async () => {
    gallery = await startPageHarness()
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  const sources = (): Promise<(string | null)[]> =>
    gallery.page
      .locator('.views img')
      .evaluateAll(images => images.map(image => image.getAttribute('src')))
  const styleOf = (locator: Locator, name: string): Promise<string> =>
    locator.evaluate((each, property) => getComputedStyle(each).getPropertyValue(property), name)

  test('compares any two: revisions, an earlier prompt, files, the draft', async () => {
    const page = await gallery.openImage(HERO)
    await page.getByRole('button', { name: 'Side by side' }).click()
    await expect.poll(sources).toEqual(['files/hero-1.png', 'files/hero-2.png'])
    const right = page.getByLabel('Right picture')
    await right.selectOption('Revision 1 · earlier prompt')
    await expect.poll(sources).toEqual(['files/hero-1.png', 'files/hero-0.png'])
    await expectShown(page.locator('.prose', { hasText: 'A lighthouse at noon' }))
    await expectShown(page.locator('.parts').getByText(/^A lighthouse on a cliff, seen/))
    await right.selectOption('Draft')
    await page.getByLabel('Left picture').selectOption({ value: 'avif 1024' })
    await expectShown(page.locator('figcaption', { hasText: /^AVIF, 1024 × 576, \d+ kB$/ }))
    await expectShown(page.locator('figcaption', { hasText: 'Draft' }))
    await page.getByRole('button', { name: 'Slider' }).click()
    await expectShown(page.locator('.handle'))
    expect(await page.locator('.layer img').count()).toBe(2)
  })

  test('compares two images that were selected, at an address that can be passed on', async () => {
    const page = await gallery.open()
    await page.getByRole('checkbox', { name: 'Select hero', exact: true }).check()
    await page.getByRole('checkbox', { name: 'Select avatar' }).check()
    await page.getByRole('button', { name: 'Compare' }).click()
    await expect.poll(sources).toEqual(['files/avatar-1.png', 'files/hero-1.png'])
    await page.reload()
    await expect.poll(sources).toEqual(['files/avatar-1.png', 'files/hero-1.png'])
    expect(await gallery.violations()).toEqual([])
    await page.getByRole('button', { name: 'Next image' }).click()
    expect(await page.getByRole('button', { name: 'Side by side' }).count()).toBe(0)
  })

  test('shows one pixel of the picture as one of the page', async () => {
    const page = await gallery.openImage(HERO)
    const picture = page.locator('.views img')
    await page.getByRole('button', { name: '100 %' }).click()
    const width = (): Promise<number> =>
      picture.evaluate(image => Math.round(image.getBoundingClientRect().width))
    await expect.poll(width).toBe(2048)
    const scale = page.getByTitle('Of its own pixels')
    await expect.poll(() => scale.textContent()).toBe('100 %')
    await page.getByRole('button', { name: 'Fit' }).click()
    expect(await width()).toBeLessThan(900)
    const shown = async () => `${Math.round((await width()) / 20.48)} %`
    await expect.poll(() => scale.textContent()).toBe(await shown())
    await page.locator('.views').press('1')
    await expect.poll(width).toBe(2048)
    await page.getByLabel('Picture', { exact: true }).selectOption({ value: 'avif 1024' })
    await page.locator('.views').press('0')
    await page.locator('.views').press('1')
    await expect.poll(width).toBe(1024)
  })

  test('lays pictures on grounds, which stay for the next image', async () => {
    const page = await gallery.openImage(HERO)
    const view = page.locator('.view')
    const ground = page.getByLabel('Background')
    await ground.selectOption('Black')
    expect(await styleOf(view, 'background-color')).toBe('rgb(0, 0, 0)')
    await ground.selectOption('Checkerboard')
    expect(await styleOf(view, 'background-image')).toContain('conic-gradient')
    await ground.selectOption('Colour of the page')
    await page.getByLabel('Colour of the page').fill('#336699')
    expect(await styleOf(view, 'background-color')).toBe('rgb(51, 102, 153)')
    await page.locator('#detail-name').press('ArrowLeft')
    await page.locator('#detail-name').press('ArrowLeft')
    await expectShown(page.getByRole('heading', { name: 'harbour' }))
    expect(await styleOf(view, 'background-color')).toBe('rgb(51, 102, 153)')
  })

  test('marks what a crop keeps, at every zoom', async () => {
    const page = await gallery.openImage(HERO)
    await page.getByLabel('Crop').selectOption('phone: 640 × 800, 922 × 1152')
    const mark = page.getByRole('img', { name: 'phone: 640 × 800, 922 × 1152' })
    const shares = (): Promise<number[]> =>
      mark.evaluate(crop => {
        const part = crop.getBoundingClientRect()
        const whole = crop.closest('.view')?.querySelector('img')?.getBoundingClientRect()
        if (!whole) return []
        return [(part.left - whole.left) / whole.width, part.width / whole.width]
      })
    const expected = [expect.closeTo(0.3, 2), expect.closeTo(0.45, 2)]
    expect(await shares()).toEqual(expected)
    await page.getByLabel('Zoom', { exact: true }).fill('3')
    expect(await shares()).toEqual(expected)
    expect(await gallery.violations()).toEqual([])
  })

  test('marks crops that a strategy placed, as the server found them', async () => {
    const asked: string[] = []
    gallery.server.answers.crops = ({ query }) => {
      asked.push(query.get('name') ?? '')
      const crop = { left: 0.6, top: 0, width: 0.25, height: 1, sizes: ['576x1152'] }
      return { crops: [{ ...crop, variant: 'phone' }] }
    }
    const { data } = gallery.sample
    gallery.server.data = {
      ...data,
      images: data.images.map(({ crops, ...image }) =>
        image.id.name === 'hero' ? { ...image, lacksCrops: true } : image,
      ),
    }
    const page = await gallery.openImage(HERO)
    await page.getByLabel('Crop').selectOption('phone: 576 × 1152')
    const mark = page.getByRole('img', { name: 'phone: 576 × 1152' })
    expect(await mark.evaluate(crop => crop.style.left)).toBe('60%')
    expect(asked).toEqual(['hero'])
  })

  test('shows placeholders as pages do, with what they take', async () => {
    const digest = gallery.sample.data.images.find(({ id }) => id.name === 'hero')?.picture?.digest
    const setPlaceholder = (placeholder: GalleryPlaceholder): void => {
      gallery.server.answers.details = () => ({
        pictures: { [digest ?? '']: { placeholder, renditions: [] } },
      })
    }
    const thumbhash = { kind: 'thumbhash', color: '#7e7371', bytes: 28, url: 'files/hero-0.png' }
    setPlaceholder(thumbhash as GalleryPlaceholder)
    const page = await gallery.openImage(HERO)
    const picture = page.getByLabel('Picture', { exact: true })
    await picture.selectOption('Placeholder: thumbhash, 28 B')
    await expect.poll(sources).toEqual(['files/hero-0.png'])
    await expectShown(page.getByRole('row', { name: 'Placeholder, thumbhash in the page 28 B' }))
    await picture.selectOption('Its colour: #7e7371')
    const loaded = page.locator('.views img')
    await expect
      .poll(() => loaded.evaluate(image => image instanceof HTMLImageElement && image.naturalWidth))
      .toBeGreaterThan(0)
    setPlaceholder({ kind: 'color', color: '#7e7371', bytes: 7 })
    await page.reload()
    await picture.selectOption('Placeholder: color, 7 B')
  })
})
