import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { preview } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { folderOf, SITE_BUILDS } from '../playground/build-site.ts'
import { renderStartPage } from '../playground/start-page.ts'
import { type ApiServer, createApiServer } from './api-server/server.ts'
import { findChromium, launchChromium } from './support/browser.ts'
import { makeFolder, removeFolder } from './support/folder.ts'

const KEY = 'playground'
const executable = findChromium()

let folder: string
let api: ApiServer
let browser: Browser | undefined

beforeAll(async () => {
  folder = await makeFolder()
  api = await createApiServer({ apiKey: KEY })
  process.env.LLMEASY_BASE_URL = api.url
  process.env.LLMEASY_API_KEY = KEY
  process.env.PLAYGROUND_CACHE = folder
  if (executable) browser = await launchChromium(executable)
})
afterAll(async () => {
  await browser?.close()
  await api.close()
  for (const name of ['LLMEASY_BASE_URL', 'LLMEASY_API_KEY', 'PLAYGROUND_CACHE']) {
    delete process.env[name]
  }
  await removeFolder(folder)
})

test('the page that the playground begins with leads to each build', () => {
  const links = [...renderStartPage().matchAll(/href="\.\/([^"]*\.html)"/g)].map(([, link]) => link)
  expect(links).toEqual(SITE_BUILDS.map(site => `${folderOf(site)}/index.html`))
})

// In this order: the first one buys, for the others everything is there.
describe.each(SITE_BUILDS)('the playground, built by $bundler', ({ bundler, build }) => {
  const outDir = () => path.join(folder, 'site', bundler.toLowerCase())

  test('sends what is missing, and nothing for what is there', { timeout: 180_000 }, async () => {
    const before = api.count
    await build(outDir())
    // Six images of the API in all, and one that another provider draws; Rollup and webpack find what Vite has bought.
    expect(api.count - before).toBe(bundler === 'Vite' ? 6 : 0)
  })

  test.skipIf(!executable)(
    'shows every picture, in AVIF where there is one (skipped where there is no Chromium)',
    async () => {
      const server = await preview({
        configFile: false,
        root: folder,
        base: '/below/',
        logLevel: 'silent',
        build: { outDir: outDir() },
        preview: { port: 0, strictPort: false, host: '127.0.0.1' },
      })
      const page = await browser?.newPage()
      if (!page) throw new Error('There is a browser, but it did not open a page.')
      try {
        const troubles: string[] = []
        page.on('pageerror', error => troubles.push(String(error)))
        page.on('requestfailed', request => troubles.push(`failed: ${request.url()}`))
        page.on('response', response => {
          if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`)
        })
        await page.goto(`${server.resolvedUrls?.local[0]}index.html`)
        await page.locator('footer').waitFor()
        const pictures = await page.locator('picture img').evaluateAll(async images => {
          const loaded = images.map(async image => {
            const picture = image as HTMLImageElement
            picture.loading = 'eager'
            await picture.decode()
            return {
              name: picture.alt,
              width: picture.naturalWidth,
              format: picture.currentSrc.replace(/^.*\./, ''),
            }
          })
          return Promise.all(loaded)
        })
        expect(troubles).toEqual([])
        expect(pictures.every(({ width }) => width > 0)).toBe(true)
        expect(pictures.map(({ name, format }) => [name, format])).toEqual([
          ['A lighthouse on a cliff above a calm sea at dawn', 'avif'],
          ['', 'avif'],
          ['Ana and Li, the keepers of the lighthouse', 'webp'],
          ['', 'png'],
          ['The mail boat under sail, off the light', 'avif'],
          ['The tide at Skarholm over a day', 'webp'],
        ])
        // Under its fixed name, for those who link here.
        const card = await page.request.get(new URL('og/home.png', page.url()).href)
        expect(card.headers()['content-type']).toBe('image/png')
        const icons = await page
          .locator('link[rel="apple-touch-icon"], link[rel="icon"]:not([href^="data:"])')
          .evaluateAll(links => links.map(link => (link as HTMLLinkElement).href))
        expect(icons.map(href => path.posix.basename(href))).toContain('favicon.ico')
        for (const href of icons) expect((await page.request.get(href)).status()).toBe(200)
        // The background that the style sheet has by a URL.
        const background = await page
          .locator('footer')
          .evaluate(footer => getComputedStyle(footer).backgroundImage)
        const [, file = ''] = /url\("([^"]+)"\)/.exec(background) ?? []
        expect((await page.request.get(file)).headers()['content-type']).toBe('image/jpeg')
      } finally {
        await page.close()
        await server.close()
      }
    },
  )

  test('says nothing of prompts, keys and paths to whoever opens it', async () => {
    const files = await readdir(outDir(), { recursive: true })
    const texts = await Promise.all(
      files
        .filter(file => /\.(?:js|css|html)$/.test(file))
        .map(file => readFile(path.join(outDir(), file), 'utf8')),
    )
    expect(texts.length).toBeGreaterThan(1)
    for (const text of texts) {
      expect(text).not.toContain(pathToFileURL(folder).pathname)
      expect(text).not.toMatch(/seen from the sea|the lamp lit"|\.imagegen|LLMEASY/)
    }
  })
})
