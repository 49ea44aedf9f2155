import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, startVite } from './dev-site.ts'

const executable = findChromium()

const FILES = {
  'index.html': `<!doctype html><body><input id="typed"><script type="module" src="/main.js"></script>`,
  'main.js': `import hero from './hero.image.yaml'
document.body.append(Object.assign(new Image(), { id: 'hero', src: hero.src }))
window.read = hero.src`,
  'hero.image.yaml': 'prompt: A lighthouse on a cliff\nsize: 1024x1024\n',
}

describe.skipIf(!executable)('experimental.bundledDev (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  const shown = (page: Page) => page.locator('#hero').getAttribute('src')

  test('pictures arrive in the open page, and are there after a reload', async () => {
    const site = await createSite(FILES, { delay: 4000 })
    const { url } = await startVite(site, { experimental: { bundledDev: true } })
    const page = await browser.newPage()
    await page.goto(url)
    await page.locator('#hero').waitFor()
    expect(await shown(page)).toMatch(/\.svg$/)
    await page.fill('#typed', 'kept')
    await expect.poll(() => shown(page), { timeout: 15_000 }).toMatch(/\.png$/)
    expect(await page.inputValue('#typed')).toBe('kept')
    // Code that reads the URL once, when it runs, gets the picture's as soon as the bundle has it.
    const reload = async () => {
      await page.reload()
      await page.locator('#hero').waitFor()
      return page.evaluate('window.read')
    }
    await expect.poll(reload, { timeout: 15_000 }).toMatch(/\.png$/)
    expect(await shown(page)).toMatch(/\.png$/)
    await site.write({ 'hero.image.yaml': FILES['hero.image.yaml'].replace('cliff', 'rock') })
    await page.fill('#typed', 'kept')
    const first = await shown(page)
    await expect.poll(() => site.api.billed, { timeout: 15_000 }).toBe(2)
    await expect.poll(() => shown(page), { timeout: 15_000 }).not.toBe(first)
    expect(await page.inputValue('#typed')).toBe('kept')

    const gallery = await browser.newPage()
    await gallery.goto(`${url}__imagegen/`)
    await gallery.locator('.card img').waitFor()
  })
})
