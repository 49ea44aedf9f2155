import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installInto } from '../picture/installed-site.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, startVite } from './dev-site.ts'

const executable = findChromium()

const PAGE = {
  'index.html': `<!doctype html><html lang="en"><div id="app"></div><script type="module" src="/main.js"></script></html>`,
  'main.js': `import { picture } from 'unplugin-imagegen/html'
import { hero } from './site.image.yaml'
document.querySelector('#app').innerHTML = picture(hero, { id: 'hero', sizes: '64px' })
const themed = Object.assign(document.createElement('img'), { id: 'themed', alt: '' })
themed.src = hero.variants.dark.src
themed.width = hero.variants.dark.width
document.querySelector('#app').append(themed)
Object.assign(window, { hero, stamp: 1 })`,
  'site.image.yaml': `images:
  hero:
    prompt: A lighthouse by day
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [32, 64], placeholder: blur }
    variants:
      dark: { media: "(prefers-color-scheme: dark)", image: hero-night }
      phone: { media: "(max-width: 30rem)", output: { aspect: "1:1" } }
  hero-night:
    prompt: The same at night
    size: 1024x1024
`,
}

describe.skipIf(!executable)('variants in development (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each([
    ['by day', 'light', 800, /^hero-64w-\w+\.webp$/],
    ['at night', 'dark', 800, /^hero-night-64w-\w+\.webp$/],
    ['on a phone', 'light', 400, /^hero-64w-\w+\.webp$/],
  ] as const)('arrive in an open page %s', async (_, colorScheme, width, expected) => {
    const site = await createSite(PAGE, { delay: 1500 })
    await installInto(site.root)
    const { url } = await startVite(site)
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 600 } })
    onTestFinished(() => page.close())
    await page.goto(url)
    const hero = page.locator('#hero')
    const shown = () =>
      hero.evaluate(img => (img as HTMLImageElement).currentSrc.replace(/^.*\//, ''))
    await expect.poll(shown).toMatch(/\.svg$/)
    const size = () =>
      hero.evaluate(element => {
        const { naturalWidth, naturalHeight } = element as HTMLImageElement
        return naturalWidth / naturalHeight
      })
    await expect.poll(shown, { timeout: 20_000 }).toMatch(expected)
    await expect.poll(size).toBeCloseTo(colorScheme === 'dark' || width < 480 ? 1 : 1.5, 1)
    // A class switches this one.
    await expect
      .poll(() => page.locator('#themed').getAttribute('src'), { timeout: 20_000 })
      .toMatch(/hero-night-64w-\w+\.jpg$/)
    const dark = await page.evaluate('hero.variants.dark.src')
    expect(await page.locator('#themed').getAttribute('src')).toBe(dark)
    const media = await page
      .locator('source')
      .evaluateAll(all =>
        all.map(source => [
          (source as HTMLSourceElement).media,
          (source as HTMLSourceElement).width,
          /\.svg/.test((source as HTMLSourceElement).srcset),
        ]),
      )
    expect(media).toEqual([
      ['(prefers-color-scheme: dark)', 64, false],
      ['(prefers-color-scheme: dark)', 64, false],
      ['(max-width: 30rem)', 64, false],
      ['(max-width: 30rem)', 64, false],
      ['', 0, false],
      // A draft is an SVG, so that the fallback has a source of its own.
      ['', 0, false],
    ])
    expect(await page.evaluate('window.stamp')).toBe(1)
    expect(site.api.billed).toBe(2)
  })
})
