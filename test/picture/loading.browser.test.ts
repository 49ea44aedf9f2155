import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { DescribedAsset } from '../../src/html.ts'
import { findChromium } from '../support/browser.ts'
import { HERO, LOGO, PLAIN } from './assets.ts'
import { bundleClient, PAGE_FRAMEWORKS, type PageFramework, renderOnServer } from './frameworks.ts'
import { createPageServer, type PageServer } from './page-server.ts'

const executable = findChromium()

const NIGHT: DescribedAsset = {
  ...PLAIN,
  src: '/pictures/night-200x100.png',
  placeholder: { color: '#1e1b4b' },
  alt: 'The same at night',
}

const CASES = [
  { name: 'hero', src: HERO, props: { priority: true } },
  { name: 'letterboxed', src: HERO, props: { class: 'letterboxed' } },
  { name: 'logo', src: LOGO, props: {} },
  { name: 'coloured', src: HERO, props: { style: 'background: red' } },
]

const WITH_COMPONENTS = PAGE_FRAMEWORKS.filter(({ name }) => name !== 'html')

describe.skipIf(!executable)('while pictures load (skipped without Chromium)', () => {
  let browser: Browser
  let server: PageServer
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executable ?? '',
      args: ['--no-sandbox', '--disable-gpu'],
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    })
    server = await createPageServer()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  async function openPage(): Promise<Page> {
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await page.addInitScript(
      'globalThis.loads = []; addEventListener("pageshow", event => { globalThis.persisted = event.persisted })',
    )
    return page
  }

  async function serve(framework: PageFramework): Promise<void> {
    server.setPage({
      app: await renderOnServer(framework, CASES),
      client: await bundleClient(framework, CASES),
    })
  }

  function hold(paths: RegExp): void {
    server.hold(paths)
    onTestFinished(() => server.release())
  }

  const isReady = (page: Page) => page.locator('[data-ready]').waitFor({ state: 'attached' })
  const background = (page: Page, name: string) => () =>
    page.locator(`#${name} img`).evaluate(img => (img as HTMLElement).style.background)
  const hasLoaded = (page: Page) => () =>
    page
      .locator('img')
      .evaluateAll(images => images.every(image => (image as HTMLImageElement).complete))

  describe.each(WITH_COMPONENTS)('$name', framework => {
    test('shows the placeholder until the picture is there', async () => {
      await serve(framework)
      hold(/pictures/)
      const page = await openPage()
      await page.goto(server.url, { waitUntil: 'commit' })
      await isReady(page)
      for (const name of ['hero', 'letterboxed']) {
        expect(await background(page, name)()).toContain('data:image/webp')
      }
      expect(await background(page, 'logo')()).toBe('')
      server.release()
      await expect.poll(background(page, 'hero')).toBe('')
      await expect.poll(background(page, 'letterboxed')).toBe('')
      expect(await background(page, 'coloured')()).toBe('red')
      await expect.poll(() => page.evaluate('loads.includes("hero")')).toBe(true)
    })

    test('takes the placeholder from a picture that was there before the script', async () => {
      await serve(framework)
      hold(/client/)
      const page = await openPage()
      await page.goto(server.url, { waitUntil: 'commit' })
      await page.locator('#logo').waitFor({ state: 'attached' })
      await expect.poll(hasLoaded(page)).toBe(true)
      expect(await background(page, 'hero')()).toContain('data:image/webp')
      server.release()
      await isReady(page)
      await expect.poll(background(page, 'hero')).toBe('')
      expect(await background(page, 'coloured')()).toBe('red')
    })

    test('takes it away where the page comes back while a picture is on its way', async () => {
      await serve(framework)
      hold(/pictures/)
      const page = await openPage()
      await page.goto(server.url, { waitUntil: 'commit' })
      await isReady(page)
      await page.goto(`${server.url}other`)
      await page.goBack({ waitUntil: 'commit' })
      expect(await page.evaluate('persisted')).toBe(true)
      expect(await background(page, 'hero')()).toContain('data:image/webp')
      server.release()
      await expect.poll(background(page, 'hero')).toBe('')
    })

    test('shows the placeholder of another image that takes the place of the first', async () => {
      await serve(framework)
      const page = await openPage()
      await page.goto(server.url)
      await expect.poll(background(page, 'hero')).toBe('')
      await page.evaluate('document.querySelector("#hero img").isFirst = true')
      hold(/night/)
      await page.evaluate(
        next => (globalThis as unknown as { show(cases: unknown): void }).show(next),
        [{ name: 'hero', src: NIGHT, props: { priority: true } }],
      )
      await expect.poll(background(page, 'hero')).toBe('rgb(30, 27, 75)')
      server.release()
      await expect.poll(background(page, 'hero')).toBe('')
      expect(await page.locator('#hero img').getAttribute('alt')).toBe('The same at night')
      expect(await page.evaluate('document.querySelector("#hero img").isFirst')).toBe(true)
    })
  })
})
