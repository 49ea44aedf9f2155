import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium, launchChromium } from '../support/browser.ts'
import { makeIdentity } from '../support/tls-identity.ts'
import { createSite, startVite } from './dev-site.ts'

const executable = findChromium()

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [48, 96], placeholder: blur }
  tile:
    prompt: A tile of waves
    size: 1024x1024
`

const PLAIN = {
  'index.html': `<!doctype html><body><input id="typed"><div id="app"></div>
<script type="module" src="/main.ts"></script>`,
  'main.ts': `import site, { hero, tile } from './site.image.yaml'
const picture = document.createElement('picture')
for (const { type, srcset } of hero.sources) {
  picture.append(Object.assign(document.createElement('source'), { type, srcset, sizes: '96px' }))
}
const img = Object.assign(document.createElement('img'), { id: 'hero', width: hero.width, height: hero.height, alt: hero.alt })
img.src = hero.src
picture.append(img)
const box = document.createElement('div')
box.id = 'box'
box.style.backgroundImage = 'url("' + tile.src + '")'
document.querySelector('#app').append(picture, box)
const sheet = document.createElement('style')
sheet.textContent = '@media all { #sheet { background: url("' + tile.src + '") } }'
document.head.append(sheet)
Object.assign(window, { site, hero, tile, copied: tile.src })`,
  'site.image.yaml': MANIFEST,
}

describe.skipIf(!executable)('pictures arrive in an open page (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(url)
    await page.locator('#hero').waitFor()
    await page.fill('#typed', 'kept')
    await page.evaluate('window.stamp = 1')
    return page
  }

  test('plain TypeScript: drafts first, then pictures, in all places, without a reload', async () => {
    const site = await createSite(PLAIN, { delay: 2000 })
    const { url } = await startVite(site)
    const page = await open(url)
    const heroSrc = () => page.locator('#hero').getAttribute('src')
    expect(await heroSrc()).toMatch(/\.svg$/)
    expect(await page.locator('#hero').evaluate(img => (img as HTMLImageElement).width)).toBe(96)

    await expect.poll(heroSrc, { timeout: 20_000 }).toMatch(/\.jpg$/)
    expect(await page.locator('source').first().getAttribute('srcset')).toMatch(
      /\.webp 48w, .*96w$/,
    )
    await expect
      .poll(() => page.locator('#hero').evaluate(img => (img as HTMLImageElement).currentSrc))
      .toMatch(/96w-\w+\.webp$/)
    await expect.poll(() => page.evaluate('tile.src'), { timeout: 20_000 }).toMatch(/\.png$/)
    const tile = await page.evaluate('tile.src')
    expect(
      await page.locator('#box').evaluate(box => (box as HTMLElement).style.backgroundImage),
    ).toContain(tile)
    expect(
      await page.evaluate('document.styleSheets[0].cssRules[0].cssRules[0].cssText'),
    ).toContain(tile)
    // Code that has kept a URL still gets the picture.
    await page.evaluate(
      'document.body.append(Object.assign(new Image(), { id: "late", src: copied }))',
    )
    await expect.poll(() => page.locator('#late').getAttribute('src')).toBe(tile)

    expect(await page.evaluate('site.hero === hero && hero.placeholder.dataUrl')).toBeTruthy()
    expect(await page.inputValue('#typed')).toBe('kept')
    expect(await page.evaluate('window.stamp')).toBe(1)
    expect(site.api.billed).toBe(2)
  })

  test('over HTTPS as well, and in the gallery', async context => {
    const https = makeIdentity()
    context.skip(!https, 'openssl is missing')
    const site = await createSite(PLAIN, { delay: 2000 })
    const { url } = await startVite(site, { server: { https: https ?? {} } })
    expect(url).toMatch(/^https:/)
    const trusting = await browser.newContext({ ignoreHTTPSErrors: true })
    const page = await trusting.newPage()
    await page.goto(url)
    const heroSrc = () => page.locator('#hero').getAttribute('src')
    await expect.poll(heroSrc).toMatch(/\.svg$/)
    const gallery = await trusting.newPage()
    await gallery.goto(`${url}__imagegen/`)
    await gallery.locator('a.card').first().waitFor()
    await expect.poll(heroSrc, { timeout: 20_000 }).toMatch(/\.jpg$/)
    await expect.poll(() => gallery.locator('.card img').count(), { timeout: 20_000 }).toBe(2)
    const acted = await gallery.evaluate(async () => {
      const { actions } = await (await fetch('data.json')).json()
      const image = { manifest: 'site.image.yaml', name: 'hero' }
      const answer = await fetch('actions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: actions.token, action: 'use', image, revision: 1 }),
      })
      return answer.status
    })
    expect(acted).toBe(202)
    expect(site.api.billed).toBe(2)
  })
})
