import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

const HERO = 'src/site.image.yaml#hero'

describe.skipIf(!chromium)(
  'taking pictures away and bringing them (skipped where there is no Chromium)',
  () => {
    let gallery: PageHarness
    beforeAll(async () => {
      gallery = await startPageHarness()
    })
    afterEach(() => gallery.endTest())
    afterAll(() => gallery?.close())

    test('copies prompt, import, <Picture> and path', async () => {
      const page = await gallery.openImage(HERO)
      const copied = async (name: string): Promise<string> => {
        await page.getByRole('button', { name, exact: true }).click()
        await expectShown(page.getByRole('alert').getByText('Copied.'))
        return page.evaluate(() => navigator.clipboard.readText())
      }
      expect(await copied('Copy prompt')).toMatch(/^A lighthouse on a cliff/)
      expect(await copied('Copy <Picture>')).toBe('<Picture src={hero} sizes="100vw" />')
      expect(await copied('Copy the import line')).toBe("import { hero } from './site.image.yaml'")
      expect(await copied('Copy manifest path')).toBe('src/site.image.yaml')
      expect(await copied('Copy file path')).toBe('.imagegen/hero-1.png')
    })

    test('downloads the original and its files', async () => {
      const page = await gallery.openImage(HERO)
      const [original] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download original', exact: true }).click(),
      ])
      expect(original.suggestedFilename()).toBe('hero.png')
      const source = gallery.sample.files.find(({ url }) => url === 'files/hero-1.png')
      expect(await readFile(await original.path())).toEqual(await readFile(source?.path ?? ''))
      const [avif] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download AVIF, 1024 × 576' }).click(),
      ])
      expect(avif.url()).toContain('files/hero-1.png')
    })

    test('makes a dropped file the picture, once somebody agreed', async () => {
      const uploads: unknown[] = []
      gallery.server.answers.adopt = ({ body, query, headers }) => {
        uploads.push([
          body.toString(),
          query.get('name'),
          headers['x-imagegen-token'],
          decodeURIComponent(String(headers['x-imagegen-file'])),
        ])
        return { digest: 'd' }
      }
      const page = await gallery.openImage(HERO)
      const dropped = await page.evaluateHandle(() => {
        const data = new DataTransfer()
        data.items.add(new File(['bytes'], 'grün.png', { type: 'image/png' }))
        return data
      })
      await page.dispatchEvent('.showing', 'dragover', { dataTransfer: dropped })
      expect(await page.locator('.showing').getAttribute('data-drop')).toBe('true')
      await page.dispatchEvent('.showing', 'drop', { dataTransfer: dropped })
      await page.getByRole('dialog', { name: 'Use grün.png?' }).getByText('Use this file').click()
      await expectShown(page.getByRole('alert').getByText('hero shows grün.png now.'))
      expect(uploads).toEqual([['bytes', 'hero', 'sample-token', 'grün.png']])
    })

    test('says what is wrong with a file that is no picture', async () => {
      const error = 'notes.txt is not a picture. Drop a PNG, JPEG or WebP.'
      gallery.server.answers.adopt = () => ({ status: 409, error })
      const page = await gallery.openImage(HERO)
      await page.getByLabel('Use a file …').setInputFiles({
        name: 'notes.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('notes'),
      })
      await page.getByRole('button', { name: 'Use this file' }).click()
      await expectShown(page.getByRole('alert').getByText(error))
      expect(await gallery.violations()).toEqual([])
    })
  },
)
