import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { GalleryUpdate } from '../../../src/gallery/data/gallery-data.ts'
import { findChromium, launchChromium } from '../../support/browser.ts'
import { makeFolder, removeFolder } from '../../support/folder.ts'
import { bundleGalleryAssets, type GalleryServer, serveGallery } from '../gallery-server.ts'
import { createSampleGallery, type SampleGallery } from '../sample-gallery.ts'

export const chromium = findChromium()

/** A gallery that a test opens in a browser. */
export interface PageHarness {
  readonly sample: SampleGallery
  readonly server: GalleryServer
  /** The page that was opened last. */
  readonly page: Page
  open(hash?: string, options?: BrowserContextOptions): Promise<Page>
  openImage(key: string, options?: BrowserContextOptions): Promise<Page>
  /** As the development server sends it. */
  send(update: GalleryUpdate): Promise<void>
  /** Violations that axe finds, in words; empty when there are none. */
  violations(): Promise<readonly unknown[]>
  /** Closes the page. Fails when its policy was violated, or an error was not caught. */
  endTest(): Promise<void>
  close(): Promise<void>
}

/**
 * @param allowed messages of the console that a test brings about
 * @param create draws the gallery
 */
export async function startPageHarness(
  allowed = /status of 4\d\d/,
  create: typeof createSampleGallery = createSampleGallery,
): Promise<PageHarness> {
  const scratch = await makeFolder()
  const sample = await create(scratch, new Date())
  const server = await serveGallery(await bundleGalleryAssets(), sample.data, sample.files)
  const browser: Browser = await launchChromium(chromium ?? '')
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  let page: Page | undefined
  let troubles: string[] = []
  const current = (): Page => {
    if (!page) throw new Error('Open a page first.')
    return page
  }
  const harness: PageHarness = {
    sample,
    server,
    get page() {
      return current()
    },
    async open(hash = '', options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
      })
      page = await context.newPage()
      page.on('pageerror', error => troubles.push(String(error)))
      page.on('console', message => {
        if (message.type() === 'error' && !allowed.test(message.text())) {
          troubles.push(message.text())
        }
      })
      await page.goto(server.url + hash)
      await page.getByRole('heading', { level: 1 }).waitFor()
      return page
    },
    openImage: (key, options) => harness.open(`#image=${encodeURIComponent(key)}`, options),
    send: update =>
      current().evaluate(detail => {
        document.dispatchEvent(new CustomEvent('imagegen:update', { detail }))
      }, update),
    async violations() {
      await current().evaluate(axe)
      const results: AxeResults = await current().evaluate('axe.run()')
      return results.violations.map(({ id, nodes }) => [
        id,
        nodes.map(({ html, failureSummary }) => [html, failureSummary]),
      ])
    },
    async endTest() {
      await page?.context().close()
      page = undefined
      server.reset(sample.data)
      const found = troubles
      troubles = []
      expect(found).toEqual([])
    },
    async close() {
      await browser.close()
      await server.close()
      await removeFolder(scratch)
    },
  }
  return harness
}

export async function expectShown(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'visible', timeout: 5_000 })
}
