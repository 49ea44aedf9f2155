import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, type DevSite } from './dev-site.ts'

const executable = findChromium()
const SOON = { timeout: 20_000 }

const FILES = {
  'site.image.yaml': `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [48, 96] }
`,
  'app.js': `import { createElement } from 'react'
import { hero } from './site.image.yaml'
const { src, srcset: srcSet, width, height, alt } = hero
export const App = () => createElement('div', null, createElement('input', { id: 'typed' }),
  createElement('img', { id: 'hero', src, srcSet, width, height, alt }))`,
  'server.js': `import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { App } from './app.js'
export const render = () => renderToString(createElement(App))`,
  'main.js': `import { createElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { App } from './app.js'
hydrateRoot(document.querySelector('#app'), createElement(App))`,
}

/** A page that the server renders and the browser hydrates, as frameworks do it. */
async function serve(
  site: DevSite,
  {
    isHydrated = true,
    beforeSending,
  }: { isHydrated?: boolean; beforeSending?: () => Promise<unknown> } = {},
): Promise<string> {
  await symlink(path.resolve('node_modules'), path.join(site.root, 'node_modules'))
  const http = createHttpServer()
  const vite = await createServer({
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    cacheDir: path.join(site.root, '.vite'),
    // Found while a page is open, they would make it reload.
    optimizeDeps: { include: ['react', 'react-dom/client'] },
    server: { middlewareMode: true, ws: { server: http } },
    plugins: [site.plugin.vite({ onSizeMismatch: 'ignore' })],
  })
  http.on('request', (request, response) => {
    if (request.url === '/favicon.ico') return response.writeHead(204).end()
    vite.middlewares(request, response, async () => {
      const { render } = await vite.ssrLoadModule('/server.js')
      const page = `<!doctype html><body><div id="app">${render()}</div>
${isHydrated ? '<script type="module" src="/main.js"></script>' : ''}`
      const html = await vite.transformIndexHtml('/', page)
      await beforeSending?.()
      response.setHeader('content-type', 'text/html')
      response.end(html)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    await vite.close()
    http.close()
  })
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/`
}

describe.skipIf(!executable)('a hydrated page (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  async function open(url: string): Promise<{ page: Page; errors: string[] }> {
    const page = await browser.newPage()
    const errors: string[] = []
    page.on('console', message => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await page.goto(url)
    await page.fill('#typed', 'kept')
    return { page, errors }
  }

  const srcOf = (page: Page) => () => page.locator('#hero').getAttribute('src')

  test('is rendered with the draft, and gets the picture', async () => {
    const site = await createSite(FILES, { delay: 5000 })
    const { page, errors } = await open(await serve(site))
    expect(await srcOf(page)()).toMatch(/\.svg$/)
    await expect.poll(srcOf(page), SOON).toMatch(/\.jpg$/)
    expect(await page.inputValue('#typed')).toBe('kept')
    expect(errors).toEqual([])
    expect(site.api.billed).toBe(1)
  })

  test('gets the picture that has come between the rendering and the hydration', async () => {
    const site = await createSite(FILES)
    const sent = async () => {
      await expect.poll(() => site.api.billed, SOON).toBe(1)
      await expect
        .poll(async () => (await fetch(`${url}site.image.yaml?import`)).text(), SOON)
        .toContain('.jpg')
    }
    const url = await serve(site, { beforeSending: sent })
    const { page } = await open(url)
    await expect.poll(srcOf(page), SOON).toMatch(/\.jpg$/)
    expect(await page.locator('#hero').getAttribute('srcset')).toMatch(/\.jpg 48w, .*\.jpg 96w$/)
    expect(await page.inputValue('#typed')).toBe('kept')
  })
  test('that is not hydrated gets its pictures as well', async () => {
    const site = await createSite(FILES, { delay: 3000 })
    const { page, errors } = await open(await serve(site, { isHydrated: false }))
    expect(await srcOf(page)()).toMatch(/\.svg$/)
    await expect.poll(srcOf(page), SOON).toMatch(/\.jpg$/)
    expect(await page.locator('#hero').getAttribute('srcset')).toMatch(/\.jpg 48w, .*\.jpg 96w$/)
    expect(await page.inputValue('#typed')).toBe('kept')
    expect(errors).toEqual([])
    expect(site.api.billed).toBe(1)
  })

  test('that is not hydrated gets the picture that came before it listened', async () => {
    const site = await createSite(FILES)
    const sent = async () => {
      await expect.poll(() => site.api.billed, SOON).toBe(1)
      await expect
        .poll(async () => (await fetch(`${url}site.image.yaml?import`)).text(), SOON)
        .toContain('.jpg')
    }
    const url = await serve(site, { isHydrated: false, beforeSending: sent })
    const { page } = await open(url)
    await expect.poll(srcOf(page), SOON).toMatch(/\.jpg$/)
  })
})
