import { describe, expect, test } from 'vitest'
import { chromium, startGallery, useBrowser, VITE_VERSIONS } from './gallery-site.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1024x1024
`

const FILES = {
  'index.html': '<!doctype html><body><script type="module" src="/main.js"></script></body>',
  'main.js':
    'import { hero } from "./site.image.yaml"; document.body.append(Object.assign(new Image(), { src: hero.src, id: "hero" }))',
}

describe.skipIf(!chromium)('a fault of a manifest (skipped without Chromium)', () => {
  const { openPage, openGalleryPage } = useBrowser()

  test.each(Object.entries(VITE_VERSIONS))(
    'is shown by the gallery in its own way, and by Vite over the site: %s',
    async (_name, load) => {
      const { site, url } = await startGallery(MANIFEST, { files: FILES, vite: { load } })
      const { page: sitePage } = await openPage(url)
      await sitePage.locator('#hero').waitFor()
      const { page, troubles } = await openGalleryPage(url)
      const overlay = 'vite-error-overlay'
      await site.write({
        'site.image.yaml': MANIFEST.replace('size: 1024x1024', 'siez: 1024x1024'),
      })

      const group = page.locator('details', { hasText: '1 fault in site.image.yaml' })
      await group.getByText(/siez/).first().waitFor()
      expect(await group.evaluate(details => getComputedStyle(details).backgroundColor)).not.toBe(
        'rgba(0, 0, 0, 0)',
      )
      await sitePage.locator(overlay).waitFor({ state: 'attached' })
      expect(await sitePage.locator(overlay).getByText(/siez/).first().isVisible()).toBe(true)
      // Vite sends it to this page as well, which draws nothing of it.
      for (const drawn of await page.locator(overlay).all()) {
        expect(await drawn.boundingBox()).toBe(null)
      }
      // The images can still be reached, with the mouse too.
      await page.locator('a.card').click()
      await page.getByRole('dialog', { name: 'hero' }).waitFor()
      await page.keyboard.press('Escape')
      await page.locator('summary').first().click()
      await expect.poll(() => group.getByText(/siez/).first().isVisible()).toBe(false)

      await site.write({ 'site.image.yaml': MANIFEST })
      await group.waitFor({ state: 'detached' })
      await sitePage.locator(overlay).waitFor({ state: 'detached' })
      // Vite tries to style its overlay, which the page's policy refuses.
      expect(troubles.filter(text => !/violates.*style-src/.test(text))).toEqual([])
    },
  )
})
