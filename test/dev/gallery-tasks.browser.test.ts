import type { Locator, Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { cardOf, chromium, type GallerySite, startGallery, useBrowser } from './gallery-site.ts'

const MANIFEST = `# What the site shows.
defaults:
  style: Flat vector   # the brand's
images:
  hero:
    # Seen from the sea.
    prompt: A lighthouse on a cliff # as on the map
    size: 1536x1024
    variants:
      phone: { media: "(max-width: 40rem)", output: { aspect: "1:1" } }
  night:
    prompt: The same at night
    size: 1024x1024
`

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

/** Every click and key of a task. */
interface Hand {
  readonly steps: number
  click(target: Locator): Promise<void>
  press(page: Page, key: string): Promise<void>
}

function createHand(): Hand {
  let steps = 0
  return {
    get steps() {
      return steps
    },
    async click(target) {
      steps += 1
      await target.click()
    },
    async press(page, key) {
      steps += 1
      await page.keyboard.press(key)
    },
  }
}

describe.skipIf(!chromium)('tasks in the gallery of a server (skipped without Chromium)', () => {
  const { openGalleryPage } = useBrowser()
  const start = () => startGallery(MANIFEST, { vary: true })
  const openPage = async (url: string): Promise<Page> => (await openGalleryPage(url)).page

  async function generateHero({ gallery }: GallerySite): Promise<void> {
    await gallery.post('actions', { action: 'generate', image: HERO })
    await expect.poll(async () => (await gallery.image('hero')).status.state).toBe('ready')
  }

  test('changes a style and keeps the old picture', async () => {
    const started = await start()
    await generateHero(started)
    const { url, read, site } = started
    const page = await openPage(url)
    const hand = createHand()
    await hand.click(cardOf(page, 'hero'))
    await hand.press(page, 'e')
    await hand.click(page.getByLabel('Style', { exact: true }))
    await page.keyboard.type('Woodcut')
    await hand.click(page.getByRole('button', { name: 'Save and keep this picture' }))
    await page.getByText('Saved.').waitFor()
    expect(await read()).toBe(MANIFEST.replace('  night:', '    style: Woodcut\n  night:'))
    expect(site.api.billed).toBe(1)
    await page.locator('.detail').getByText('Ready', { exact: true }).waitFor()
    // And all of it taken back.
    await page.getByRole('button', { name: /^Undo the change of style/ }).click()
    await expect.poll(read).toBe(MANIFEST)
    expect(hand.steps).toBeLessThan(10)
  })

  test('chooses among four alternatives', async () => {
    const started = await start()
    await generateHero(started)
    const { url, read, site } = started
    const page = await openPage(url)
    const hand = createHand()
    await hand.click(cardOf(page, 'hero'))
    await page.getByLabel('How many alternatives').fill('3')
    await hand.click(page.getByRole('button', { name: 'Generate alternatives' }))
    await hand.click(page.locator('.confirm button').last())
    await hand.click(page.getByRole('button', { name: 'Revision 4' }))
    expect(site.api.billed).toBe(4)
    await hand.click(page.getByRole('button', { name: 'Use this one' }))
    await expect.poll(read).toContain('revision: 4')
    expect(hand.steps).toBeLessThan(10)
  })

  test('sets a phone crop', async () => {
    const started = await start()
    await generateHero(started)
    const { url, read, site } = started
    const page = await openPage(url)
    const hand = createHand()
    await hand.click(cardOf(page, 'hero'))
    await hand.click(page.getByLabel('Crop'))
    await page.getByLabel('Crop').selectOption({ index: 1 })
    await hand.click(page.getByRole('button', { name: 'Move the crop' }))
    const box = await page.locator('.view').boundingBox()
    if (!box) throw new Error('There is no picture.')
    await page.mouse.click(box.x + 5, box.y + box.height / 2)
    await hand.click(page.getByRole('button', { name: 'Save', exact: true }))
    await expect.poll(read).toContain('output: { aspect: "1:1", position: 0% 50% }')
    expect(site.api.billed).toBe(1)
    await expect
      .poll(async () => (await started.gallery.image('hero')).crops?.[0])
      .toMatchObject({ variant: 'phone', left: 0 })
    expect(hand.steps + 2).toBeLessThan(10)
  })

  test('writes nothing over what another program wrote, and takes words that were typed along', async () => {
    const { url, read, site } = await start()
    const page = await openPage(url)
    await cardOf(page, 'night').click()
    await page.keyboard.press('e')
    await page.getByLabel('Prompt', { exact: true }).fill('A calm night')
    await page.getByRole('button', { name: 'Save without generating' }).waitFor()
    const theirs = MANIFEST.replace('on a cliff', 'on a rock')
    await site.write({ 'site.image.yaml': theirs })
    await page.getByRole('button', { name: 'Save without generating' }).click()
    await page
      .getByRole('alert')
      .getByText(/changed since this page read it/)
      .waitFor()
    expect(await read()).toBe(theirs)
    await page.getByRole('button', { name: 'Read the manifest again' }).click()
    await page.getByRole('button', { name: 'Save without generating' }).click()
    await expect.poll(read).toBe(theirs.replace('The same at night', 'A calm night'))
  })

  test('follows two tabs on one image, and an image that goes while it is open', async () => {
    const { url, site } = await start()
    const [first, second] = [await openPage(url), await openPage(url)]
    for (const page of [first, second]) await cardOf(page, 'night').click()
    await first.getByRole('button', { name: 'Generate', exact: true }).click()
    await first.locator('.confirm button').last().click()
    await second.locator('.detail').getByText('Ready', { exact: true }).waitFor()
    expect(site.api.billed).toBe(1)
    await site.write({ 'site.image.yaml': MANIFEST.replace(/ {2}night:[\s\S]*/, '') })
    for (const page of [first, second]) {
      await page.locator('.detail').waitFor({ state: 'detached' })
      expect(await page.locator('.card .name').allTextContents()).toEqual(['hero'])
    }
  })
})
