import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  CLEAR,
  createMixedGallery,
  FAILED,
  HERO,
  mixedReview,
  SITE,
  TALL,
  UNUSABLE,
  WORLD,
} from '../mixed-gallery.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

/** Screens are written into this folder, to be looked at. */
const shots = process.env.IMAGEGEN_SHOTS

const IMAGE = { manifest: SITE, name: 'hero' }

const VIEWS: Readonly<
  Record<string, readonly [hash: string, act: (page: Page) => Promise<unknown>]>
> = {
  grid: ['', page => page.locator('.card img').first().waitFor()],
  site: [`#manifest=${SITE}`, page => page.locator('.card img').first().waitFor()],
  world: [`#manifest=${WORLD}`, page => page.locator('.card img').first().waitFor()],
  selection: [
    '',
    async page => {
      const boxes = page.getByRole('checkbox')
      for (const at of [0, 1, 2]) await boxes.nth(at).check()
      await page.getByRole('button', { name: 'Filters' }).click()
    },
  ],
}

const IMAGES: Readonly<
  Record<string, readonly [key: string, act?: (page: Page) => Promise<unknown>]>
> = {
  detail: [HERO],
  'detail-tall': [TALL],
  'detail-clear': [CLEAR, page => page.getByLabel('Background').selectOption('Checkerboard')],
  crop: [HERO, page => page.getByLabel('Crop').selectOption({ index: 1 })],
  slider: [HERO, page => page.getByRole('button', { name: 'Slider' }).click()],
  pair: [HERO, page => page.getByRole('button', { name: 'Side by side' }).click()],
  words: [
    HERO,
    async page => {
      await page.getByRole('button', { name: 'Edit words' }).click()
      await page.getByLabel('Prompt', { exact: true }).fill('A lamp')
      await page.getByRole('button', { name: /^Save and generate/ }).waitFor()
    },
  ],
  failed: [FAILED, page => page.getByText('All that is known').click()],
  unusable: [UNUSABLE],
}

/** Elements that reach out of the screen or cut their own text, in words. */
function findClipped(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls'] : []
    const cut = [...document.querySelectorAll<HTMLElement>('button, .button, .chip, select')]
      .filter(each => each.checkVisibility() && each.closest('.scroll, .joined') === null)
      .filter(each => {
        const { left, right } = each.getBoundingClientRect()
        const isCut = !each.matches('select') && each.scrollWidth > each.clientWidth + 1
        return isCut || left < 0 || right > innerWidth + 0.5
      })
    return [...wide, ...cut.map(each => each.outerHTML.slice(0, 120))]
  })
}

/** Controls smaller than WCAG 2.2 asks for (2.5.8, AA), in words. */
function findSmallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isShown = (each: HTMLElement): boolean =>
      each.checkVisibility({ contentVisibilityAuto: true })
    return [...document.querySelectorAll<HTMLElement>('button, select, input, a[href], summary')]
      .filter(each => isShown(each) && !each.matches('.visually-hidden'))
      .filter(each => each.closest('dialog') === document.querySelector('dialog'))
      .filter(each => {
        // A click on a label is one on its control.
        const { width, height } = (each.closest('label') ?? each).getBoundingClientRect()
        return width < 24 || height < 24
      })
      .map(each => each.outerHTML.slice(0, 120))
  })
}

describe.skipIf(!chromium)('sixty mixed images (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  beforeAll(async () => {
    gallery = await startPageHarness(undefined, createMixedGallery)
  })
  beforeEach(async () => {
    const schema = JSON.parse(await readFile('schema.json', 'utf8'))
    gallery.server.answers = {
      words: () => ({
        image: IMAGE,
        digest: 'd1',
        fields: { prompt: 'A lighthouse', size: '1920x1080', alt: 'Lighthouse on a cliff' },
        inherited: { style: 'Flat vector, soft morning light' },
        shared: [IMAGE],
        location: { path: SITE, line: 2, column: 3 },
      }),
      'schema.json': () => schema,
      'words/check': () => ({
        diff: [
          { kind: 'same', text: '  hero:', line: 2 },
          { kind: 'removed', text: '    prompt: A lighthouse', line: 3 },
          { kind: 'added', text: '    prompt: A lamp', line: 3 },
        ],
        faults: [],
        requests: [{ image: IMAGE, because: 'words', state: 'missing' }],
        cost: { amount: 0.04, currency: 'EUR' },
        budget: { spent: 12, limit: 100 },
        canKeep: true,
      }),
      history: () => ({
        versions: [
          {
            commit: '4f2a91c',
            author: 'Ana',
            at: '2025-11-03T10:00:00Z',
            subject: 'Show the lighthouse at dawn',
            fields: { prompt: 'A lighthouse', size: '1920x1080' },
          },
        ],
        isCut: false,
      }),
    }
    gallery.server.usage = {
      scope: 'complete',
      images: [{ image: IMAGE, uses: [{ path: 'src/pages/index.tsx', editorUrl: '/open' }] }],
    }
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  const take = async (name: string): Promise<void> => {
    if (shots === undefined) return
    await gallery.page.evaluate('document.fonts.ready')
    const isTall = /^(?:site|world|review)/.test(name)
    await gallery.page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: isTall })
  }

  const expectWhole = async (name: string): Promise<void> => {
    const { page } = gallery
    await take(name)
    expect(await findClipped(page)).toEqual([])
    expect(await findSmallTargets(page)).toEqual([])
    expect(await gallery.violations()).toEqual([])
  }

  const WIDTHS = [1440, 1024, 400]
  const SCHEMES = ['light', 'dark'] as const
  // Whoever looks sees each width in both; contrast does not depend on the width.
  const CASES = WIDTHS.flatMap((width, index) => {
    const schemes = shots === undefined ? SCHEMES.slice(index % 2, (index % 2) + 1) : SCHEMES
    return schemes.map(colorScheme => ({ width, colorScheme }))
  })

  describe.each(CASES)('at $width pixels, $colorScheme', ({ width, colorScheme }) => {
    const options: BrowserContextOptions = {
      viewport: { width, height: width < 500 ? 800 : 900 },
      colorScheme,
      isMobile: width < 500,
      hasTouch: width < 500,
    }
    const nameOf = (view: string): string => `${view}-${width}-${colorScheme}`

    test.each(Object.keys(VIEWS))('the %s is whole', async view => {
      const [hash, act] = VIEWS[view] ?? []
      const page = await gallery.open(hash, options)
      await act?.(page)
      await expectWhole(nameOf(view))
    })

    test.each(Object.keys(IMAGES))('the panel is whole: %s', async view => {
      const [key = '', act] = IMAGES[view] ?? []
      const page = await gallery.openImage(key, options)
      await expectShown(page.getByRole('dialog'))
      await act?.(page)
      await expectWhole(nameOf(view))
    })

    test('the review is whole', async () => {
      const { data } = gallery.sample
      const review = mixedReview(data)
      const shown = new Set(review.images.map(({ image }) => image.name))
      const images = data.images.filter(({ id }) => shown.has(id.name))
      gallery.server.data = { ...data, images, review }
      const page = await gallery.open('', options)
      await page.locator('.review img').first().waitFor()
      await expectWhole(nameOf('review'))
    })
  })
})
