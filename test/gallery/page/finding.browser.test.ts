import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GalleryImage } from '../../../src/gallery/data/gallery-data.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

const HERO = 'src/site.image.yaml#hero'

describe.skipIf(!chromium)('finding images (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  beforeAll(async () => {
    gallery = await startPageHarness()
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  const names = (): Promise<string[]> => gallery.page.locator('.card .name').allTextContents()
  const imageNamed = (name: string): GalleryImage => {
    const image = gallery.sample.data.images.find(({ id }) => id.name === name)
    if (!image) throw new Error(`The sample has no ${name}.`)
    return image
  }

  test('filters by size, aspect, format, provider, cost and use, and says how many fit', async () => {
    const costs: Record<string, number> = { hero: 0.3, portrait: 0.02 }
    gallery.server.data = {
      ...gallery.sample.data,
      images: gallery.sample.data.images.map(image => ({
        ...image,
        ...(image.id.name === 'avatar' && { provider: 'gateway' }),
        ...(image.picture &&
          costs[image.id.name] !== undefined && {
            picture: {
              ...image.picture,
              cost: { amount: costs[image.id.name] ?? 0, currency: 'EUR' },
            },
          }),
      })),
    }
    gallery.server.usage = {
      scope: 'loaded',
      images: [{ image: imageNamed('hero').id, uses: [{ path: 'src/pages/home.tsx' }] }],
    }
    const page = await gallery.open()
    await page.getByRole('button', { name: 'Filters' }).click()
    const choose = (label: string, option: string) =>
      page.getByLabel(label, { exact: true }).selectOption(option)
    await choose('Aspect', 'Portrait (2)')
    await expect.poll(names).toEqual(['lamp', 'portrait'])
    await choose('Format', 'PNG (1)')
    await expect.poll(names).toEqual(['portrait'])
    await page.reload()
    await expect.poll(names).toEqual(['portrait'])
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await choose('Cost', 'More than 0.25 (1)')
    await expect.poll(names).toEqual(['hero'])
    await choose('Cost', 'Any cost')
    await choose('Provider', 'Gateway (1)')
    await expect.poll(names).toEqual(['avatar'])
    await choose('Provider', 'Any provider')
    await choose('Size', '2048 × 1152 (2)')
    await expect.poll(names).toEqual(['hero', 'hero-night'])
    await choose('Use', 'Unused (1)')
    await expect.poll(names).toEqual(['hero-night'])
    await expectShown(page.getByText(/Other modules may use these images/))
    expect(await gallery.violations()).toEqual([])
  })

  test('sorts, without the headings of manifests', async () => {
    const page = await gallery.open()
    await page.getByLabel('Order', { exact: true }).selectOption('By name')
    await expect
      .poll(async () => (await names()).slice(0, 4))
      .toEqual(['avatar', 'banner', 'fog', 'harbour'])
    await expect.poll(() => page.getByRole('heading', { level: 2 }).count()).toBe(0)
    await page.getByLabel('Order', { exact: true }).selectOption('Largest first')
    await expect.poll(async () => (await names())[0]).toBe('banner')
    await page.reload()
    await expect.poll(async () => (await names())[0]).toBe('banner')
    await page.getByLabel('Order', { exact: true }).selectOption('By manifest')
    await expect.poll(() => page.getByRole('heading', { level: 2 }).count()).toBe(2)
  })

  test('selects by pointer, range and key, and acts on all at once', async () => {
    const page = await gallery.open()
    const bar = page.getByRole('region', { name: 'Selection' })
    await page.locator(`[data-key="${HERO}"]`).focus()
    await page.keyboard.press('x')
    await expectShown(bar.getByText('1 selected'))
    await page.getByRole('checkbox', { name: 'Select portrait' }).click({ modifiers: ['Shift'] })
    await expectShown(bar.getByText('5 selected'))
    await bar.getByRole('button', { name: 'Copy 5 imports' }).click()
    await expectShown(page.getByText('Copied.'))
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      "import { hero, heroNight, team, og, portrait } from './site.image.yaml'",
    )
    await page.getByRole('checkbox', { name: 'Select fog' }).click()
    await page.getByRole('checkbox', { name: 'Select hero', exact: true }).click()
    await bar.getByRole('button', { name: 'Generate 2', exact: true }).click()
    const question = page.getByRole('dialog')
    await expectShown(question.getByText('og and fog'))
    await Promise.all([
      page.waitForResponse(response => response.request().postDataJSON()?.image?.name === 'fog'),
      question.getByRole('button').last().click(),
    ])
    expect(gallery.server.actions.map(({ body }) => body)).toMatchObject([
      { action: 'retry', image: { name: 'og' } },
      { action: 'generate', image: { name: 'fog' } },
    ])
    await page.locator(`[data-key="${HERO}"]`).focus()
    await page.keyboard.press('Escape')
    await bar.waitFor({ state: 'hidden' })
  })

  test('keeps the earlier pictures of all that are selected', async () => {
    const keep = { because: ['prompt'], createdAt: '2026-11-01T00:00:00Z' } as const
    gallery.server.data = {
      ...gallery.sample.data,
      images: gallery.sample.data.images.map(image =>
        ['banner', 'fog'].includes(image.id.name) ? { ...image, keep } : image,
      ),
    }
    const page = await gallery.open('#state=missing')
    await page.getByRole('checkbox', { name: 'Select banner' }).click()
    await page.getByRole('button', { name: 'Select all 2' }).click()
    await Promise.all([
      page.waitForResponse(response => response.request().postDataJSON()?.image?.name === 'fog'),
      page.getByRole('button', { name: 'Keep 2 pictures' }).click(),
    ])
    expect(gallery.server.actions.map(({ body }) => body)).toMatchObject([
      { action: 'keep', image: { name: 'banner' } },
      { action: 'keep', image: { name: 'fog' } },
    ])
  })

  test('says which modules use an image, and when none does', async () => {
    gallery.server.usage = {
      scope: 'complete',
      images: [{ image: imageNamed('hero').id, uses: [{ path: 'src/pages/home.tsx' }] }],
    }
    const page = await gallery.openImage(HERO)
    await expectShown(page.getByText('src/pages/home.tsx'))
    await page.keyboard.press('ArrowRight')
    await expectShown(page.getByText('No module uses this image.'))
    await page.keyboard.press('Escape')
    await expectShown(page.locator('a.card').filter({ hasText: 'hero-night' }).getByText('unused'))
    const marks = page.locator(`[data-key="${HERO}"]`).getByText('unused')
    await expect.poll(() => marks.count()).toBe(0)
  })
})
