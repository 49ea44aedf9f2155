import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import type { ViteDevServer } from 'vite'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { ViteModule } from '../bundlers/bundlers.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import type { Files } from '../support/folder.ts'
import {
  createSite,
  type DevSite,
  type SiteOptions,
  startVite,
  type ViteSettings,
} from './dev-site.ts'
import { type GalleryClient, openGallery } from './gallery-client.ts'

export const chromium = findChromium()

/** Their clients differ. */
export const VITE_VERSIONS: Readonly<Record<string, () => Promise<ViteModule>>> = {
  'Vite 8': () => import('vite'),
  'Vite 5': () => import('vite5') as unknown as Promise<ViteModule>,
}

/** A site whose `site.image.yaml` its gallery shows, on a running server of Vite. */
export interface GallerySite {
  readonly site: DevSite
  readonly server: ViteDevServer
  readonly url: string
  readonly gallery: GalleryClient
  /** The manifest's text. */
  read(): Promise<string>
  /** The same site on a server that is started anew. */
  started(settings?: ViteSettings): Promise<GallerySite>
}

export interface GallerySiteOptions extends SiteOptions {
  /** Besides the manifest. */
  readonly files?: Files
  readonly vite?: ViteSettings
}

/** Requests nothing by itself, unless `vite.options.dev` says otherwise. */
export async function startGallery(
  manifest: string,
  { files = {}, vite = {}, ...options }: GallerySiteOptions = {},
): Promise<GallerySite> {
  const site = await createSite(
    { 'index.html': '<!doctype html><body></body>', 'site.image.yaml': manifest, ...files },
    options,
  )
  const started = async (settings: ViteSettings = {}): Promise<GallerySite> => {
    const { url, server } = await startVite(site, {
      ...vite,
      ...settings,
      options: { dev: { generate: 'manual' }, ...vite.options, ...settings.options },
    })
    return {
      ...{ site, server, url, started },
      gallery: await openGallery(url),
      read: () => readFile(path.join(site.root, 'site.image.yaml'), 'utf8'),
    }
  }
  return started()
}

export interface OpenPage {
  readonly page: Page
  /** Errors that were not caught, and what the console calls an error: refusals of the policy too. */
  readonly troubles: readonly string[]
}

/** One browser for the tests of a file. Each page is closed after its test. */
export function useBrowser() {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(chromium ?? '')
  })
  afterAll(() => browser?.close())
  const openPage = async (url: string): Promise<OpenPage> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
    page.setDefaultTimeout(15_000)
    onTestFinished(() => page.close())
    const troubles: string[] = []
    page.on('pageerror', error => troubles.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') troubles.push(message.text())
    })
    await page.goto(url)
    return { page, troubles }
  }
  return {
    openPage,
    /** The gallery's page once its images are there, or the panel of one of them. */
    async openGalleryPage(url: string, image?: string): Promise<OpenPage> {
      const hash = image === undefined ? '' : `#image=${encodeURIComponent(image)}`
      const opened = await openPage(`${url}__imagegen/${hash}`)
      await opened.page.locator('a.card').first().waitFor()
      return opened
    },
  }
}

/** The card of an image. */
export function cardOf(page: Page, name: string): Locator {
  return page.locator('a.card').filter({ has: page.locator('.name', { hasText: name }) })
}

/** What axe finds in a page; empty when there is nothing. */
export async function violations(page: Page): Promise<readonly unknown[]> {
  await page.evaluate(
    await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  )
  const results: AxeResults = await page.evaluate(
    // A link to another image that was scrolled out of sight looks like a skip link to it.
    `axe.run({ rules: { 'skip-link': { enabled: false } } })`,
  )
  return results.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}
