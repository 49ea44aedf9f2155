import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { build, preview } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createSite } from '../dev/dev-site.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { installInto, SITES, svelte } from './installed-site.ts'
import { parseMarkup } from './parse-markup.ts'

const executable = findChromium()

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1024x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [32, 64], placeholder: blur }
`

describe.skipIf(!executable)('built by Vite (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each(Object.entries(SITES))(
    'a picture of %s goes from the manifest to the page',
    async (_, files) => {
      vi.stubEnv('NODE_ENV', 'production')
      onTestFinished(() => void vi.unstubAllEnvs())
      const site = await createSite({ 'site.image.yaml': MANIFEST, ...files })
      await installInto(site.root)
      const { root } = site
      const run = (input: string, ssr: boolean) =>
        build({
          root,
          configFile: false,
          logLevel: 'silent',
          plugins: [site.plugin.vite({ onSizeMismatch: 'ignore' }), svelte],
          build: {
            ssr,
            outDir: path.join(root, ssr ? 'dist/server' : 'dist/client'),
            rollupOptions: {
              input: path.join(root, input),
              output: { entryFileNames: '[name].js' },
            },
          },
        })
      await run('main.js', false)
      await run('server.js', true)
      expect(site.api.billed).toBe(1)

      const { render } = await import(pathToFileURL(path.join(root, 'dist/server/server.js')).href)
      const html = await render()
      const elements = parseMarkup(html)
      expect(elements.map(({ tag }) => tag)).toEqual(['picture', 'source', 'img', '/picture'])
      expect(elements[2]?.attributes).toMatchObject({ id: 'hero', alt: 'A lighthouse' })
      await writeFile(
        path.join(root, 'dist/client/index.html'),
        `<!doctype html><html lang="en"><link rel="icon" href="data:,"><div id="app">${html}</div><script type="module" src="/main.js"></script></html>`,
      )

      const { resolvedUrls, close } = await preview({
        root,
        configFile: false,
        logLevel: 'silent',
        build: { outDir: path.join(root, 'dist/client') },
        preview: { port: 0, host: '127.0.0.1' },
      })
      onTestFinished(close)
      const page = await browser.newPage()
      onTestFinished(() => page.close())
      const troubles: string[] = []
      page.on('console', message => troubles.push(message.text()))
      page.on('pageerror', error => troubles.push(String(error)))
      await page.goto(resolvedUrls?.local[0] ?? '')
      const hero = page.locator('#hero')
      await expect
        .poll(() => hero.evaluate(img => (img as HTMLImageElement).currentSrc))
        .toMatch(/64w-[\w-]+\.webp$/)
      expect(await hero.evaluate(img => (img as HTMLImageElement).naturalWidth)).toBe(64)
      expect(troubles).toEqual([])
    },
  )
})
