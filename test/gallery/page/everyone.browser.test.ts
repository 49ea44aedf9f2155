import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sampleImage } from '../sample-gallery.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

const ARABIC = 'منارة على منحدر، تُرى من البحر عند الفجر'
const LONG = 'a-name-that-nobody-would-ever-write-but-that-somebody-will-write-in-the-end'
const FILE = 'src/content/多言語/المحتوى.image.yaml'

describe.skipIf(!chromium)('a gallery for everyone (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  beforeAll(async () => {
    gallery = await startPageHarness()
    const [wide] = gallery.sample.data.images.flatMap(({ picture }) => picture ?? [])
    if (!wide) throw new Error('The sample has no picture.')
    const tall = { ...wide, digest: 'tall', width: 540, height: 960 }
    const image = (name: string, line: number, picture = wide) =>
      sampleImage(name, line, { prompt: ARABIC, alt: name, picture }, FILE)
    gallery.server.data = {
      ...gallery.sample.data,
      images: [image('صورة-المنارة', 1), image('灯台と霧の海', 2, tall), image(LONG, 3)],
    }
  })
  afterEach(async () => {
    const { data } = gallery.server
    await gallery.endTest()
    gallery.server.data = data
  })
  afterAll(() => gallery?.close())

  test('reads texts in their own direction', async () => {
    const page = await gallery.openImage(`${FILE}#صورة-المنارة`)
    const direction = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate(each => getComputedStyle(each).direction)
    expect(await direction('.prose')).toBe('rtl')
    expect(await direction('.card .name')).toBe('rtl')
    expect(await direction('.parts')).toBe('ltr')
  })

  test.each([1440, 1024, 400])(
    'fits into %d pixels, whatever names and proportions',
    async width => {
      const page = await gallery.open('', { viewport: { width, height: 900 } })
      await page.locator('.card img').first().waitFor()
      const overflow = (): Promise<number> =>
        page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(await overflow()).toBeLessThanOrEqual(0)
      const outside = await page.locator('.card .mat').evaluateAll(
        mats =>
          mats.filter(mat => {
            const [picture, room] = [mat.querySelector('img'), mat.getBoundingClientRect()]
            const box = picture?.getBoundingClientRect()
            return box && (box.height > room.height || box.width > room.width)
          }).length,
      )
      expect(outside).toBe(0)
      await page.locator('.card').last().click()
      expect(await overflow()).toBeLessThanOrEqual(0)
      const inside = await page
        .locator('.detail')
        .evaluate(dialog => dialog.scrollWidth <= dialog.clientWidth)
      expect(inside).toBe(true)
      expect(await gallery.violations()).toEqual([])
    },
  )

  test('moves nothing for those who want no motion', async () => {
    const page = await gallery.open('', { reducedMotion: 'reduce' })
    await gallery.send({
      images: [
        sampleImage('n', 9, {
          status: { state: 'generating', attempt: 1, requestId: 'r' },
          since: new Date().toISOString(),
        }),
      ],
    })
    const icon = page.locator('.card .icon-generating').first()
    await expectShown(icon)
    expect(await icon.evaluate(each => getComputedStyle(each).animationName)).toBe('none')
  })

  test('draws no ring around a heading that only takes the focus', async () => {
    const page = await gallery.open()
    await page.locator('.card').first().focus()
    await page.keyboard.press('Enter')
    const style = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate(each => getComputedStyle(each).outlineStyle)
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('detail-name')
    expect(await style('#detail-name')).toBe('none')
    await page.keyboard.press('Tab')
    expect(await style('.detail :focus-visible')).toBe('solid')
  })

  test('tells what is pressed without colours of its own', async () => {
    const page = await gallery.open('', { forcedColors: 'active' })
    const outline = (name: string): Promise<string> =>
      page.getByRole('button', { name }).evaluate(each => getComputedStyle(each).outlineStyle)
    expect(await outline('All')).toBe('solid')
    expect(await outline('Ready')).toBe('none')
    await page.locator('.card').first().click()
    const edge = page.getByRole('dialog').evaluate(each => getComputedStyle(each).borderStyle)
    expect(await edge).toBe('solid')
    expect(await gallery.violations()).toEqual([])
  })

  test('says changes of state to those who do not see them', async () => {
    const page = await gallery.open()
    const image = sampleImage(LONG, 3, { status: { state: 'failed', problem: 'No.' } }, FILE)
    await gallery.send({ images: [image] })
    await page
      .getByRole('status')
      .filter({ hasText: `${LONG}: failed.` })
      .waitFor()
  })
})
