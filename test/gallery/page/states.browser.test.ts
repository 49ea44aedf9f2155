import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GalleryImage } from '../../../src/gallery/data/gallery-data.ts'
import { sampleImage } from '../sample-gallery.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

describe.skipIf(!chromium)(
  'money, beginning and failing (skipped where there is no Chromium)',
  () => {
    let gallery: PageHarness
    beforeAll(async () => {
      gallery = await startPageHarness()
    })
    afterEach(() => gallery.endTest())
    afterAll(() => gallery?.close())

    const withImages = (images: readonly GalleryImage[]) => {
      gallery.server.data = { ...gallery.sample.data, images }
    }
    const price = { amount: 0.04, currency: 'EUR' }

    test('says what was spent today, what may be lost, and what a click costs', async () => {
      gallery.server.data = {
        ...gallery.sample.data,
        cost: { spent: 0.62, possiblyWasted: 0.16, unpriced: 0, currency: 'EUR' },
        today: { spent: 0.08, possiblyWasted: 0, unpriced: 0, currency: 'EUR' },
        images: gallery.sample.data.images.map(image => ({ ...image, price })),
      }
      const page = await gallery.open()
      await expectShown(page.getByText('0.16 EUR more may have been billed without a picture'))
      await expectShown(page.getByText('spent 0.62 EUR · 0.08 EUR today'))
      await expectShown(page.getByRole('button', { name: 'Generate 2 missing 0.08 EUR' }))
      await gallery.send({
        today: { spent: 0.12, possiblyWasted: 0, unpriced: 0, currency: 'EUR' },
      })
      await expectShown(page.getByText('0.12 EUR today'))
    })

    test('gives the reason first, then what can be done, then the words of the API as text', async () => {
      const words = `<b>No</b> \u202Ereversed ${'long '.repeat(800)}`
      const problem = `The API refused it: “${words}”`
      withImages([
        sampleImage('og', 1, {
          status: { state: 'refused', problem },
          trouble: { reason: 'The API refused it.', words: problem },
          price,
        }),
      ])
      const page = await gallery.openImage('src/site.image.yaml#og')
      const report = page.locator('.state')
      await expectShown(report.getByText('The API refused it.', { exact: true }))
      const button = report.getByRole('button', { name: 'Retry 0.04 EUR' })
      const more = report.getByText('All that is known')
      expect((await button.boundingBox())?.y).toBeLessThan((await more.boundingBox())?.y ?? 0)
      await more.click()
      const shown = await report.locator('.own-words').textContent()
      expect(shown).toContain('<b>No</b> reversed')
      expect(shown).not.toContain('\u202E')
      expect(await gallery.violations()).toEqual([])
    })

    test('leads to the failed image and its retry in four clicks', async () => {
      const page = await gallery.open()
      await page.getByRole('button', { name: 'Failed 1' }).click()
      await page.locator('.card').click()
      await page.getByRole('button', { name: 'Retry' }).click()
      await Promise.all([
        page.waitForResponse('**/actions'),
        page.getByRole('button', { name: 'Generate 1 picture' }).click(),
      ])
      expect(gallery.server.actions).toMatchObject([
        { body: { action: 'retry', image: { name: 'og' } } },
      ])
    })

    test('goes on with a server that was restarted', async () => {
      const tell = (state: string): Promise<void> =>
        gallery.page.evaluate(detail => {
          document.dispatchEvent(new CustomEvent('imagegen:connection', { detail }))
        }, state)
      withImages([sampleImage('hero', 1, { status: { state: 'queued' } })])
      const page = await gallery.openImage('src/site.image.yaml#hero')
      await tell('lost')
      await expectShown(page.getByText(/The development server cannot be reached/))
      gallery.server.data = {
        ...gallery.sample.data,
        actions: { token: 'another' },
        images: [sampleImage('hero', 1, { status: { state: 'missing' } })],
      }
      await tell('there')
      await page.getByRole('button', { name: 'Generate', exact: true }).click()
      await Promise.all([
        page.waitForResponse('**/actions'),
        page.getByRole('button', { name: 'Generate 1 picture' }).click(),
      ])
      expect(gallery.server.actions).toMatchObject([{ body: { token: 'another' } }])
      expect(await page.getByText(/cannot be reached/).count()).toBe(0)
    })

    test('calls off what has not been sent', async () => {
      withImages([sampleImage('hero', 1, { status: { state: 'queued' } })])
      const page = await gallery.openImage('src/site.image.yaml#hero')
      await Promise.all([
        page.waitForResponse('**/actions'),
        page.locator('.state').getByRole('button', { name: 'Cancel' }).click(),
      ])
      expect(gallery.server.actions).toMatchObject([{ body: { action: 'cancel' } }])
      await gallery.send({
        images: [
          sampleImage('hero', 1, { status: { state: 'generating', attempt: 1, requestId: 'r' } }),
        ],
      })
      await expectShown(page.getByRole('heading', { name: 'Generating' }))
      expect(await page.getByRole('button', { name: 'Cancel' }).count()).toBe(0)
    })

    test('says above the images why nothing can be generated', async () => {
      const refusal = 'LLMEASY_API_KEY is not set. Put it into .env.'
      gallery.server.data = { ...gallery.sample.data, actions: { token: 't', refusal } }
      const page = await gallery.open()
      await expectShown(
        page.getByRole('region', { name: 'Nothing is generated' }).getByText(refusal),
      )
    })

    test('groups the faults of manifests, closed where there are many', async () => {
      const fault = (path: string, line: number) => ({
        location: { path, line, column: 1 },
        message: `Fault ${line}.`,
      })
      gallery.server.data = {
        ...gallery.sample.data,
        faults: [1, 2, 3, 4]
          .map(line => fault('a.image.yaml', line))
          .concat(fault('b.image.yaml', 7)),
      }
      const page = await gallery.open()
      const group = page.getByText('4 faults in a.image.yaml')
      await expectShown(group)
      expect(await page.getByText('Fault 2.').isVisible()).toBe(false)
      await group.click()
      await expectShown(page.getByText('Fault 2.'))
      expect(await gallery.violations()).toEqual([])
      await gallery.send({ faults: [fault('b.image.yaml', 7)] })
      await expectShown(page.getByText('1 fault in b.image.yaml'))
    })

    test('shows the shape of the page until its data is there', async () => {
      const page = await gallery.open()
      let go = (): void => {}
      const released = new Promise<void>(resolve => {
        go = resolve
      })
      await page.route('**/data.json', async route => {
        await released
        await route.continue()
      })
      await page.reload()
      await expectShown(page.locator('.skeleton'))
      await expectShown(page.getByText('Loading the gallery.'))
      go()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      await expectShown(page.locator('.card'))
    })

    test('shows the first of 2,000 pictures before the last card is drawn, and updates one of them at once', async () => {
      const [picture] = gallery.sample.data.images.flatMap(image => image.picture ?? [])
      if (!picture) throw new Error('The sample has no picture.')
      withImages(
        Array.from({ length: 2_000 }, (_, index) =>
          sampleImage(`image-${index}`, index, {
            picture: { ...picture, url: `files/${index}.png`, thumbnailUrl: `files/${index}.png` },
          }),
        ),
      )
      const [file] = gallery.sample.files
      const page = await gallery.open()
      await page.route('**/files/*.png', route => route.fulfill({ path: file?.path ?? '' }))
      await page.addInitScript(() => {
        new MutationObserver(() => {
          const drawn = document.querySelectorAll('.card').length
          const loaded = [...document.querySelectorAll<HTMLImageElement>('.card img')]
          if (
            !('drawnAtFirst' in globalThis) &&
            loaded.some(image => image.complete && image.width)
          )
            Object.assign(globalThis, { drawnAtFirst: drawn })
        }).observe(document, { childList: true, subtree: true })
      })
      await page.reload()
      const names = page.locator('.card .name')
      await expect.poll(() => names.count()).toBe(2_000)
      expect(await page.evaluate('drawnAtFirst')).toBeLessThan(2_000)
      expect(await page.locator('.card img').count()).toBeLessThan(100)
      await gallery.send({ images: [sampleImage('image-3', 3, { status: { state: 'queued' } })] })
      await expectShown(page.locator('[data-key$="#image-3"]').getByText('Waiting'))
      // A card far away is drawn whole once it comes near.
      await page.locator('.card').last().focus()
      await expectShown(page.locator('[data-key$="#image-1999"]').getByText('Ready'))
    })
  },
)
