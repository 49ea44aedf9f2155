import type { Browser, Page } from 'playwright-core'
import { ExampleFailure, expectThat } from './failure.ts'

/** A page, and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page
  /** Errors, warnings of hydration, answers with an error: each as one line. */
  readonly problems: readonly string[]
  close(): Promise<void>
}

export async function openPage(browser: Browser, url: string): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', message => {
    const text = message.text()
    // Turbopack of Next.js 15 says it of every replaced file whose name has a query, and replaces it.
    if (text.startsWith('[Turbopack HMR] Expected module to match pattern')) return
    const isHydration = /hydrat|did not match|mismatch/i.test(text)
    if (message.type() === 'error' || (message.type() === 'warning' && isHydration)) {
      problems.push(`console: ${text}`)
    }
  })
  page.on('pageerror', error => problems.push(`error: ${error.message}`))
  page.on('response', response => {
    if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`)
  })
  await page.goto(url, { waitUntil: 'load', timeout: 120_000 })
  const picture = page.locator('img').first()
  await picture.waitFor({ state: 'attached', timeout: 30_000 }).catch(async () => {
    const text = await page.locator('body').innerText()
    throw new ExampleFailure([`${url} shows no picture:`, text, ...problems].join('\n'))
  })
  return { page, problems, close: () => context.close() }
}

/**
 * Waits until each picture of the page has loaded, those below the fold too. It scrolls to them:
 * an attribute that it changed would differ from what a framework expects when it takes over.
 */
export async function expectLoaded({ page }: WatchedPage): Promise<void> {
  await page.waitForFunction(() => {
    const next = [...document.images].find(img => !img.complete)
    next?.scrollIntoView({ behavior: 'instant' })
    return next === undefined
  })
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
  const empty = await page.evaluate(() =>
    [...document.images].filter(img => img.naturalWidth === 0).map(img => img.outerHTML),
  )
  expectThat(empty.length === 0, `Pictures without pixels: ${empty.join(' ')}`)
}

/**
 * Every URL that a page gives for a picture, in full.
 * @param html the page as the server sent it; absent: as it is now
 */
export function pictureUrls({ page }: WatchedPage, html?: string): Promise<readonly string[]> {
  return page.evaluate(text => {
    const root = text === undefined ? document : new DOMParser().parseFromString(text, 'text/html')
    const candidates = (srcset: string) =>
      srcset.split(/,\s+/).map(candidate => candidate.replace(/\s+\S+$/, ''))
    const urls = [...root.querySelectorAll('img, source')].flatMap(element => [
      ...(element.hasAttribute('src') ? [element.getAttribute('src') ?? ''] : []),
      ...candidates(element.getAttribute('srcset') ?? ''),
    ])
    // A card names the address that the site will have.
    const cards = [...root.querySelectorAll('meta[property="og:image"]')].map(meta => {
      const { pathname, search } = new URL(meta.getAttribute('content') ?? '', location.href)
      return pathname + search
    })
    const named = [...urls, ...cards].filter(url => url !== '' && !url.startsWith('data:'))
    return [...new Set(named.map(url => new URL(url, location.href).href))]
  }, html)
}

/** @throws ExampleFailure when one of them is not a picture */
export async function expectPictures(
  { page }: WatchedPage,
  urls: readonly string[],
): Promise<void> {
  expectThat(urls.length > 0, `${page.url()} names no picture.`)
  for (const url of urls) {
    const response = await page.request.get(url)
    const type = response.headers()['content-type'] ?? 'nothing'
    expectThat(
      response.ok() && type.startsWith('image/'),
      `${url} on ${page.url()} is ${response.status()} with ${type}.`,
    )
  }
}

export function expectNoProblems({ page, problems }: WatchedPage): void {
  expectThat(problems.length === 0, `${page.url()}: ${problems.join('\n')}`)
}
