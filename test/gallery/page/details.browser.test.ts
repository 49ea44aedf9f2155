import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { sampleDetails } from '../sample-gallery.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page-harness.ts'

const HERO = 'src/site.image.yaml#hero'

describe.skipIf(!chromium)('the details of an image (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  beforeAll(async () => {
    gallery = await startPageHarness(/status of [45]\d\d/)
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  const hero = () => gallery.sample.data.images.find(({ id }) => id.name === 'hero')

  test('are asked for when it is opened, and again when it changes', async () => {
    const asked: string[] = []
    const image = hero()
    if (!image) throw new Error('The sample has no hero.')
    const { digest = '' } = image.picture ?? {}
    gallery.server.answers.details = ({ query }) => {
      asked.push(query.get('name') ?? '')
      const { pictures } = sampleDetails(image)
      const renditions = (pictures[digest]?.renditions ?? []).slice(0, asked.length)
      return { pictures: { ...pictures, [digest]: { renditions } } }
    }
    const page = await gallery.open()
    await expectShown(page.locator('.card img'))
    expect(asked).toEqual([])
    await page.locator(`[data-key="${HERO}"]`).click()
    const files = page.getByRole('dialog').locator('.table tbody tr')
    await expect.poll(() => files.count()).toBe(2)
    expect(asked).toEqual(['hero'])
    await gallery.send({ images: [{ ...image, alt: 'Another' }] })
    await expect.poll(() => files.count()).toBe(3)
    expect(asked).toEqual(['hero', 'hero'])
    await page.getByRole('button', { name: 'Next image' }).click()
    await expect.poll(() => asked.at(-1)).toBe('hero-night')
  })

  test('may be missing: everything else of the image is there', async () => {
    gallery.server.answers.details = () => ({ status: 500, error: 'Out of order.' })
    const page = await gallery.openImage(HERO)
    const panel = page.getByRole('dialog', { name: 'hero' })
    await expectShown(panel.getByRole('link', { name: 'Original, PNG', exact: true }))
    await expectShown(panel.locator('.views img'))
    expect(await panel.locator('.table tbody tr').count()).toBe(1)
    expect(await gallery.violations()).toEqual([])
  })
})
