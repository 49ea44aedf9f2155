import type { Browser } from 'playwright-core'
import type { PluginOption } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { installInto, SITES, svelte } from '../picture/installed-site.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, startVite } from './dev-site.ts'

const executable = findChromium()

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [48, 96], placeholder: blur }
`

/** A page that the browser builds on its own. */
const MAIN: Readonly<Record<string, string>> = {
  React: `import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.js'
createRoot(document.querySelector('#app')).render(createElement(App))`,
  Vue: SITES.Vue?.['main.js'] ?? '',
  Svelte: `import { mount } from 'svelte'
import App from './App.svelte'
mount(App, { target: document.querySelector('#app') })`,
  html: SITES.html?.['main.js'] ?? '',
}

const PLUGINS: Readonly<Record<string, readonly PluginOption[]>> = { Svelte: [svelte] }

describe.skipIf(!executable)('a <Picture> in development (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each(Object.entries(MAIN))(
    'of %s shows a draft, then the picture, without a reload',
    async (name, main) => {
      const site = await createSite(
        {
          'site.image.yaml': MANIFEST,
          ...SITES[name],
          'main.js': main,
          'index.html': `<!doctype html><body><input id="typed"><div id="app"></div>
<script type="module" src="/main.js"></script>`,
        },
        { delay: 3000 },
      )
      await installInto(site.root)
      const { url } = await startVite(site, { plugins: [...(PLUGINS[name] ?? [])] })
      const page = await browser.newPage()
      onTestFinished(() => page.close())
      const troubles: string[] = []
      page.on('pageerror', error => troubles.push(String(error)))
      await page.goto(url)
      const hero = page.locator('#hero')
      const shown = () => hero.evaluate(img => (img as HTMLImageElement).currentSrc)
      await expect.poll(shown).toMatch(/\.svg$/)
      await page.fill('#typed', 'kept')
      await page.evaluate('window.stamp = 1')

      await expect.poll(shown).toMatch(/96w-[\w-]+\.webp$/)
      expect(await hero.getAttribute('src')).toMatch(/\.jpg$/)
      expect(await hero.getAttribute('srcset')).toMatch(/\.jpg 48w, .*\.jpg 96w$/)
      expect(await page.locator('source').first().getAttribute('srcset')).toMatch(/\.webp 48w, /)
      await expect
        .poll(() => hero.evaluate(img => (img as HTMLImageElement).naturalWidth > 0))
        .toBe(true)
      if (name !== 'html') {
        await expect
          .poll(() => hero.evaluate(img => (img as HTMLElement).style.background))
          .toBe('')
      }
      expect(await page.inputValue('#typed')).toBe('kept')
      expect(await page.evaluate('window.stamp')).toBe(1)
      expect(troubles).toEqual([])
    },
  )
})
