import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VITES } from '../bundlers/bundlers.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, startVite } from './dev-site.ts'

const executable = findChromium()

const FILES = {
  'index.html': `<!doctype html><html><head>
<link rel="stylesheet" href="/src/linked.css">
<meta property="og:image" content="/src/site.image.yaml?image=hero">
<style>#inline { background: url(./src/site.image.yaml?image=hero&format=webp&width=48) }</style>
</head><body><input id="typed">
<img id="img" src="./src/site.image.yaml?image=hero" srcset="./src/site.image.yaml?image=hero&amp;format=webp&amp;width=48 48w, src/site.image.yaml?image=hero&format=webp 96w">
<div id="inline"></div><div id="linked"></div><div id="imported"></div>
<img id="url"><img id="src">
<script type="module" src="/main.js"></script></body></html>`,
  'main.js': `import './src/imported.css'
import src from './src/site.image.yaml?image=hero&src'
document.getElementById('url').src = new URL('./src/site.image.yaml?image=hero&format=webp', import.meta.url)
document.getElementById('src').src = src`,
  'src/linked.css': `#linked { background: url('site.image.yaml?image=hero') }`,
  'src/imported.css': `#imported { background: image-set(url("./site.image.yaml?image=hero&width=48") 1x) }`,
  'src/site.image.yaml': `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    output: { formats: [webp, jpeg], widths: [48, 96] }
`,
}

/** The URL that each element shows, and the width of the picture there. */
async function shown(page: Page): Promise<Readonly<Record<string, string>>> {
  // In the page, whose types are not those of this test.
  return page.evaluate(`(async () => {
    const found = {}
    for (const id of ['img', 'url', 'src', 'inline', 'linked', 'imported']) {
      const element = document.getElementById(id)
      const style = /url\\("([^"]+)"\\)/.exec(getComputedStyle(element).backgroundImage)?.[1]
      const image = Object.assign(new Image(), { src: style ?? element.src })
      await image.decode().catch(() => undefined)
      found[id] = new URL(image.src).pathname.split('.').at(-1) + ' ' + image.naturalWidth
    }
    return found
  })()`)
}

describe.skipIf(!executable)(
  'pictures named by URL in development (skipped without Chromium)',
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium(executable ?? '')
    })
    afterAll(() => browser?.close())

    test.each(
      Object.entries(VITES).flatMap(([name, load]) =>
        ['/', '/deep/base/'].map(base => ({ name, load, base })),
      ),
    )('$name below $base: drafts first, then pictures in place', async ({ load, base }) => {
      const site = await createSite(FILES, { delay: 2_000 })
      const { url } = await startVite(site, { load, base })
      const page = await browser.newPage()
      const reloads: string[] = []
      await page.goto(url)
      await page.fill('#typed', 'kept')
      page.on('framenavigated', frame => reloads.push(frame.url()))
      expect(await shown(page)).toEqual({
        img: 'svg 1536',
        url: 'svg 1536',
        src: 'svg 1536',
        inline: 'svg 1536',
        linked: 'svg 1536',
        imported: 'svg 1536',
      })
      await expect
        .poll(() => shown(page), { timeout: 20_000 })
        .toEqual({
          img: 'jpg 96',
          url: 'webp 96',
          src: 'jpg 96',
          inline: 'webp 48',
          linked: 'jpg 96',
          imported: 'jpg 48',
        })
      const meta = await page.getAttribute('meta[property]', 'content')
      const social = await page.request.get(new URL(meta ?? '', url).href)
      expect(social.headers()['content-type']).toBe('image/jpeg')
      expect(await page.inputValue('#typed')).toBe('kept')
      expect(reloads).toEqual([])
      expect(site.api.count).toBe(1)

      // Another prompt: the same page, and the same places.
      const before = await page.getAttribute('#img', 'src')
      await writeFile(
        path.join(site.root, 'src/site.image.yaml'),
        FILES['src/site.image.yaml'].replace('cliff', 'rock'),
      )
      await expect
        .poll(() => page.getAttribute('#img', 'src'), { timeout: 20_000 })
        .not.toBe(before)
      await expect
        .poll(() =>
          page.evaluate(`getComputedStyle(document.getElementById('linked')).backgroundImage`),
        )
        .toContain(await page.getAttribute('#img', 'src'))
      expect(await page.inputValue('#typed')).toBe('kept')
    })
  },
)
