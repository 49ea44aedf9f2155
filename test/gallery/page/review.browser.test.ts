import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMixedGallery, mixedReview } from '../mixed-gallery.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

describe.skipIf(!chromium)('a review (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  beforeAll(async () => {
    gallery = await startPageHarness(undefined, createMixedGallery)
  })
  beforeEach(() => {
    const { data } = gallery.sample
    const review = mixedReview(data)
    const names = new Set(review.images.map(({ image }) => image.name))
    const tall = data.images.find(({ id }) => id.name === 'story-1')?.picture
    // As `collectReview` does: the picture before stands among the others.
    const images = data.images
      .filter(({ id }) => names.has(id.name))
      .map(image =>
        image.id.name === 'hero' && tall
          ? { ...image, alternatives: [...image.alternatives, { ...tall, usable: false }] }
          : image,
      )
    gallery.server.data = { ...data, images, review }
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  test('opens before and after side by side, with the keyboard', async () => {
    const page = await gallery.open()
    const link = page.getByRole('link', { name: 'Open: Before After' }).first()
    await link.focus()
    await page.keyboard.press('Enter')
    await expectShown(page.getByRole('dialog'))
    const pressed = page.getByRole('button', { name: 'Side by side' })
    expect(await pressed.getAttribute('aria-pressed')).toBe('true')
    const sources = page
      .locator('.views img')
      .evaluateAll(images => images.map(image => image.getAttribute('src')))
    expect(await sources).toEqual(['files/p1-1080x1920.png', 'files/p0-1920x1080.png'])
    expect(await gallery.violations()).toEqual([])
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  test('opens an image that has no picture before alone', async () => {
    const page = await gallery.open()
    const name = 'a-name-that-nobody'
    await page.getByRole('link', { name }).first().click()
    const pressed = page.getByRole('button', { name: 'One picture' })
    expect(await pressed.getAttribute('aria-pressed')).toBe('true')
  })

  test.each([1440, 400])(
    'lays 9:16 beside 16:9 in frames of one size, at %d pixels',
    async width => {
      const page = await gallery.open('', { viewport: { width, height: 900 } })
      const card = page.locator('.review').first()
      await card.locator('img').nth(1).waitFor()
      const boxes = await card.locator('.mat').evaluateAll(mats =>
        mats.map(mat => {
          const { top, width: wide, height } = mat.getBoundingClientRect()
          return [top, wide, height].map(Math.round).join(' ')
        }),
      )
      expect(boxes).toHaveLength(2)
      expect(new Set(boxes).size).toBe(1)
      const outside = await card.locator('.mat img').evaluateAll(
        images =>
          images.filter(image => {
            const [inner, outer] = [image, image.closest('.mat')].map(each =>
              each?.getBoundingClientRect(),
            )
            return !inner || !outer || inner.height > outer.height || inner.width > outer.width
          }).length,
      )
      expect(outside).toBe(0)
    },
  )

  test('writes words in their own direction, marked by more than a colour', async () => {
    const page = await gallery.open()
    const words = page.locator('.review ins .words', { hasText: 'منارة' }).first()
    expect(await words.evaluate(each => getComputedStyle(each).direction)).toBe('rtl')
    const sign = page.locator('.review ins').first()
    expect(await sign.evaluate(each => getComputedStyle(each, '::before').content)).toContain('+')
    expect(await page.locator('.review ins .path').first().textContent()).toContain('"formats"')
  })
})
