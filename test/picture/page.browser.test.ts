import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { picture, preloadAttributes } from '../../src/html.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { DIRECTED, HERO, PLAIN } from './assets.ts'
import { bundleClient, PAGE_FRAMEWORKS, renderOnServer } from './frameworks.ts'
import { createPageServer, type PageServer } from './page-server.ts'

const executable = findChromium()

const CASES = [
  { name: 'hero', src: DIRECTED, props: { priority: true, sizes: '20rem' } },
  { name: 'second', src: HERO, props: { sizes: '20rem' } },
  { name: 'card', src: PLAIN, props: { alt: '' } },
]

const PLACEHOLDER = [30, 58, 138]

const SCREENS = [
  {
    name: 'light',
    options: { colorScheme: 'light' },
    file: 'hero-320x180.webp',
    rgb: [59, 130, 246],
  },
  {
    name: 'dark',
    options: { colorScheme: 'dark' },
    file: 'night-320x180.webp',
    rgb: [49, 46, 129],
  },
  {
    name: '400 px',
    options: { colorScheme: 'light', viewport: { width: 400, height: 700 } },
    file: 'phone-320x400.webp',
    rgb: [13, 148, 136],
  },
] as const

describe.skipIf(!executable)('a page of pictures (skipped without Chromium)', () => {
  let browser: Browser
  let server: PageServer
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
    server = await createPageServer()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  const app = CASES.map(
    ({ name, src, props }) =>
      `<section id="${name}">${picture(src, { alt: 'A picture', ...props })}</section>`,
  ).join('')

  async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options)
    onTestFinished(() => context.close())
    return context.newPage()
  }

  function hold(paths: RegExp): void {
    server.hold(paths)
    onTestFinished(() => server.release())
  }

  /** The colour of a pixel near the upper left corner of a picture. */
  const colorOf = (page: Page, name: string) => async () => {
    const { data } = await sharp(await page.locator(`#${name} img`).screenshot())
      .extract({ left: 40, top: 20, width: 1, height: 1 })
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return [...data]
  }
  const near = (rgb: readonly number[]) =>
    rgb.map(value => expect.toSatisfy((seen: number) => Math.abs(seen - value) < 12))

  const pictureRequests = () => server.requests.filter(path => path.startsWith('/pictures/'))

  test.each(SCREENS)('shows the placeholder, then the picture for $name', async screen => {
    server.setPage({ app })
    hold(/pictures/)
    const page = await openPage(screen.options)
    await page.goto(server.url, { waitUntil: 'commit' })
    await page.locator('#card').waitFor({ state: 'attached' })
    expect(await colorOf(page, 'hero')()).toEqual(near(PLACEHOLDER))
    server.release()
    await expect.poll(colorOf(page, 'hero')).toEqual(near(screen.rgb))
    expect(pictureRequests()).toContain(`/pictures/${screen.file}`)
  })

  test.each(SCREENS)('preloads the one file that is shown for $name', async screen => {
    const links = preloadAttributes(DIRECTED, { sizes: '20rem' }).map(link => {
      const attributes = Object.entries(link).map(([name, value]) => `${name}="${value}"`)
      return `<link ${attributes.join(' ')}>`
    })
    server.setPage({ app: '', head: links.join('') })
    const page = await openPage(screen.options)
    await page.goto(server.url, { waitUntil: 'load' })
    expect(pictureRequests()).toEqual([`/pictures/${screen.file}`])
  })

  test('moves nothing when its pictures come', async () => {
    server.setPage({ app })
    hold(/pictures/)
    const page = await openPage()
    await page.addInitScript(`globalThis.shift = 0
new PerformanceObserver(list => {
  for (const { value } of list.getEntries()) globalThis.shift += value
}).observe({ type: 'layout-shift', buffered: true })`)
    await page.goto(server.url, { waitUntil: 'commit' })
    await page.locator('#card').waitFor({ state: 'attached' })
    await page.waitForFunction('getComputedStyle(document.body).margin === "0px"')
    const below = () => page.evaluate('document.querySelector("p").offsetTop')
    const before = await below()
    server.release()
    await page.waitForLoadState('load')
    await expect.poll(colorOf(page, 'card')).toEqual(near([120, 113, 108]))
    expect(await below()).toBe(before)
    expect(await page.evaluate('shift')).toBe(0)
  })

  test('needs no JavaScript', async () => {
    server.setPage({ app })
    const page = await openPage({ javaScriptEnabled: false })
    await page.goto(server.url)
    await expect.poll(colorOf(page, 'hero')).toEqual(near([59, 130, 246]))
    await expect.poll(colorOf(page, 'second')).toEqual(near([59, 130, 246]))
  })

  test('has nothing that axe-core finds', async () => {
    server.setPage({ app })
    const page = await openPage()
    await page.goto(server.url)
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
    await page.evaluate(axe)
    const violations = await page.evaluate('axe.run().then(({ violations }) => violations)')
    expect(violations).toEqual([])
  })

  test.each(PAGE_FRAMEWORKS)(
    'under a policy that forbids style attributes, nothing of $name is broken',
    async framework => {
      server.setPage({
        app: await renderOnServer(framework, CASES),
        client: await bundleClient(framework, CASES),
        policy: "script-src 'self'; style-src 'self'",
      })
      hold(/pictures/)
      const page = await openPage()
      const messages: string[] = []
      page.on('console', message => messages.push(message.text()))
      page.on('pageerror', error => messages.push(String(error)))
      await page.goto(server.url, { waitUntil: 'commit' })
      await page.locator('[data-ready]').waitFor({ state: 'attached' })
      // Scripts may set styles: Svelte's does when it takes over.
      if (framework.name === 'html') expect(await colorOf(page, 'hero')()).toEqual([255, 255, 255])
      server.release()
      await expect.poll(colorOf(page, 'hero')).toEqual(near([59, 130, 246]))
      const others = messages.filter(text => !/inline style|React DevTools|development/.test(text))
      expect(others).toEqual([])
    },
  )
})
