import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findChromium, launchChromium } from '../support/browser.ts'
import { CASES } from './cases.ts'
import { bundleClient, PAGE_FRAMEWORKS, renderOnServer } from './frameworks.ts'
import { createPageServer, type PageServer } from './page-server.ts'

const executable = findChromium()

/** Elements with their attributes in one order, and with styles as the browser writes them. */
function readPictures(html: string | null): unknown {
  const template = document.createElement('template')
  template.innerHTML = html ?? ''
  const pictures = (html ? template.content : document).querySelectorAll('picture')
  return [...pictures].map(picture =>
    [picture, ...picture.children].map(element => {
      const names = element.getAttributeNames().filter(name => name !== 'style')
      return {
        tag: element.localName,
        attributes: names.sort().map(name => [name, element.getAttribute(name)]),
        style: (element as HTMLElement).style.cssText,
      }
    }),
  )
}

describe.skipIf(!executable)('in a browser (skipped without Chromium)', () => {
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

  /** A page whose pictures are still on their way, and what its console said. */
  async function openLoading(): Promise<{ page: Page; messages: readonly string[] }> {
    server.hold(/pictures/)
    onTestFinished(() => server.release())
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    const messages: string[] = []
    page.on('console', message => {
      if (['warning', 'error'].includes(message.type())) messages.push(message.text())
    })
    page.on('pageerror', error => messages.push(String(error)))
    await page.goto(server.url, { waitUntil: 'commit' })
    await page.locator('[data-ready]').waitFor({ state: 'attached' })
    return { page, messages }
  }

  describe.each(PAGE_FRAMEWORKS)('$name', framework => {
    const expected = CASES.map(({ markup }) => markup).join('')

    test('takes over what the server has sent, without a warning and without a change', async () => {
      server.setPage({
        app: await renderOnServer(framework, CASES),
        client: await bundleClient(framework, CASES),
      })
      const { page, messages } = await openLoading()
      expect(await page.evaluate(readPictures, null)).toEqual(
        await page.evaluate(readPictures, expected),
      )
      expect(messages).toEqual([])
    })

    test('builds the same elements on its own', async () => {
      server.setPage({ client: await bundleClient(framework, CASES) })
      const { page, messages } = await openLoading()
      expect(await page.evaluate(readPictures, null)).toEqual(
        await page.evaluate(readPictures, expected),
      )
      expect(messages).toEqual([])
    })
  })
})
