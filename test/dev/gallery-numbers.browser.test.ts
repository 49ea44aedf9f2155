import { describe, expect, test } from 'vitest'
import { cardOf, chromium, startGallery, useBrowser } from './gallery-site.ts'

const MANIFEST = `images:
  hero: { prompt: A lighthouse, size: 1024x1024 }
  gull: { prompt: A gull, size: 1024x1024 }
  rock: { prompt: A rock, size: 1024x1024 }
`

const BUDGET = { images: 10, spend: 1, currency: 'EUR', prices: { '1024x1024': 0.25 } }

describe.skipIf(!chromium)('the numbers of the gallery (skipped without Chromium)', () => {
  const { openGalleryPage } = useBrowser()

  test('move as requests come in, and cancelling gives back what was not sent', async () => {
    const { site, url } = await startGallery(MANIFEST, {
      vite: { options: { budget: BUDGET, provider: { concurrency: 1 } } },
    })
    const { page, troubles } = await openGalleryPage(url)
    const header = page.locator('header')
    const says = (text: string) => header.getByText(text).first().waitFor()
    await says('Budget: 0 of 10')
    await says('1.00 EUR left')
    expect(await header.getByText('today').count()).toBe(0)

    const release = site.api.hold()
    await header.getByRole('button', { name: /^Generate 3 missing/ }).click()
    await page.locator('.confirm button').last().click()
    await expect.poll(() => site.api.count).toBe(1)
    // What is about to be sent counts as well.
    await says('Budget: 3 of 10')
    await says('0.25 EUR left')
    await cardOf(page, 'rock').click()
    const detail = page.locator('.detail')
    await detail.getByRole('button', { name: 'Cancel' }).click()
    await detail.getByText('It was cancelled before it was sent.').waitFor()
    await says('Budget: 2 of 10')
    await says('0.50 EUR left')
    await page.keyboard.press('Escape')

    release()
    await cardOf(page, 'gull').getByText('Ready').waitFor()
    await cardOf(page, 'hero').getByText('Ready').waitFor()
    await says('spent 0.50 EUR · 0.50 EUR today')
    await says('Budget: 2 of 10')
    await cardOf(page, 'rock').click()
    await detail
      .getByRole('button', { name: /^Generate/ })
      .first()
      .click()
    await page.locator('.confirm button').last().click()
    await detail.getByText('Ready', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await says('spent 0.75 EUR · 0.75 EUR today')
    await says('Budget: 3 of 10')
    await says('0.25 EUR left')
    expect(site.api.billed).toBe(3)
    expect(troubles).toEqual([])
  })
})
