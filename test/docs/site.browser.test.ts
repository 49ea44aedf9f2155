import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import glob from 'fast-glob'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sidebar } from '../../docs/.vitepress/navigation.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'

const root = path.resolve(import.meta.dirname, '../..')
const executable = findChromium()

let folder: string
let output: { readonly stdout: string; readonly stderr: string }
let server: Server
let base: string
let browser: Browser | undefined

beforeAll(async () => {
  folder = await makeFolder()
  const outDir = path.join(folder, 'site')
  const { LLMEASY_API_KEY: _, IMAGEGEN_MODE: __, ...env } = process.env
  output = await promisify(execFile)(
    process.execPath,
    ['node_modules/vitepress/bin/vitepress.js', 'build', 'docs', '--outDir', outDir],
    // As on a runner: without a key, and where drafts that nobody asked for are an error.
    { cwd: root, env: { ...env, CI: 'true', NO_COLOR: '1' } },
  )
  server = await serve(outDir)
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (executable) browser = await launchChromium(executable)
}, 240_000)
afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
  await removeFolder(folder)
})

test('it is built without a word of warning', () => {
  const lines = `${output.stdout}${output.stderr}`.split('\n').map(line => line.trim())
  expect(lines.filter(line => /warn|error|\bdraft/i.test(line))).toEqual([])
})

test('every page has its place in the navigation', async () => {
  const pages = await glob('docs/**/*.md', { cwd: root, ignore: ['docs/index.md'] })
  const links = sidebar.flatMap(({ items = [] }) => items.map(({ link = '' }) => link))
  expect(links.map(link => `docs${link}.md`).sort()).toEqual(pages.sort())
})

describe.skipIf(!executable)('in a browser (skipped where there is no Chromium)', () => {
  test('no page has an error, a dead link or a picture that is missing', {
    timeout: 300_000,
  }, async () => {
    const page = await openPage()
    const troubles = listen(page)
    const visited = new Map<string, ReadonlySet<string>>()
    const wanted = ['/']
    const links: { readonly from: string; readonly to: URL }[] = []
    for (let address = wanted.shift(); address; address = wanted.shift()) {
      const response = await page.goto(`${base}${address}`).catch(() => undefined)
      if (!response?.ok()) continue
      await page.locator('.VPContent').waitFor()
      expect(await brokenPictures(page), address).toEqual([])
      const ids = await page.locator('[id]').evaluateAll(all => all.map(({ id }) => id))
      visited.set(address, new Set(ids))
      for (const to of await linksOf(page)) {
        links.push({ from: address, to })
        const known = visited.has(to.pathname) || wanted.includes(to.pathname)
        if (!known) wanted.push(to.pathname)
      }
    }
    const dead = links.filter(({ to }) => {
      const ids = visited.get(to.pathname)
      return !ids || (to.hash !== '' && !ids.has(decodeURIComponent(to.hash.slice(1))))
    })
    expect(dead.map(({ from, to }) => `${from} → ${to.pathname}${to.hash}`)).toEqual([])
    expect(troubles).toEqual([])
    const pages = sidebar.flatMap(({ items = [] }) => items.map(({ link }) => link))
    expect([...visited.keys()].sort()).toEqual(['/', ...pages].sort())
    await page.close()
  })

  test('its pictures follow the theme', async () => {
    const page = await openPage()
    await page.goto(`${base}/`)
    const night = page.locator('.home-picture .by-night')
    expect(await night.isVisible()).toBe(false)
    await page.locator('.VPSwitchAppearance').first().click()
    await night.waitFor({ state: 'visible' })
    await expect
      .poll(() => night.evaluate(img => (img as HTMLImageElement).naturalWidth))
      .toBeGreaterThan(0)
    await page.close()
  })

  test('finds a page by a word of it', async () => {
    const page = await openPage()
    await page.goto(`${base}/`)
    await page.locator('.DocSearch-Button, .VPNavBarSearch button').first().click()
    await page.locator('.search-input').fill('MANIFEST_UNCLAIMED')
    await page.locator('.results .result').first().waitFor()
    expect(await page.locator('.results .result').first().getAttribute('href')).toContain(
      '/reference/errors',
    )
    await page.close()
  })
})

async function openPage(): Promise<Page> {
  const page = await browser?.newPage({ viewport: { width: 1280, height: 800 } })
  if (!page) throw new Error('There is a browser, but it did not open a page.')
  return page
}

/** What goes wrong on a page, as it comes. */
function listen(page: Page): readonly string[] {
  const troubles: string[] = []
  page.on('pageerror', error => troubles.push(`${page.url()}: ${error}`))
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) {
      troubles.push(`${page.url()}: ${message.text()}`)
    }
  })
  page.on('response', response => {
    if (response.status() >= 400) troubles.push(`${response.status()}: ${response.url()}`)
  })
  return troubles
}

/** Of the site itself, without its files. */
async function linksOf(page: Page): Promise<readonly URL[]> {
  const found = await page
    .locator('a[href]')
    .evaluateAll(all => all.map(link => (link as HTMLAnchorElement).href))
  return found
    .map(href => new URL(href))
    .filter(({ origin, pathname }) => origin === base && !path.posix.extname(pathname))
}

/** Pictures that are to be seen and have no pixels. */
function brokenPictures(page: Page): Promise<readonly string[]> {
  return page.locator('img').evaluateAll(async all => {
    const images = (all as HTMLImageElement[]).filter(image => image.checkVisibility())
    const loaded = images.map(async image => {
      image.loading = 'eager'
      await image.decode().catch(() => undefined)
      return image.naturalWidth > 0 ? [] : [image.currentSrc || image.src]
    })
    return (await Promise.all(loaded)).flat()
  })
}

/** A host of static files with clean URLs. */
async function serve(folder: string): Promise<Server> {
  const types: Readonly<Record<string, string>> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.json': 'application/json',
  }
  const host = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname
    const file = path.posix.extname(name) ? name : `${name}.html`
    try {
      const body = await readFile(path.join(folder, decodeURIComponent(file)))
      const type = types[path.posix.extname(file)]
      response.writeHead(200, type ? { 'content-type': type } : {}).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => host.listen(0, '127.0.0.1', resolve))
  return host
}
