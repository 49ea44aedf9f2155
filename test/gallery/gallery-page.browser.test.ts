import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { GalleryUpdate } from '../../src/gallery/data/gallery-data.ts'
import type { GalleryServer } from './gallery-server.ts'
import { chromium, expectShown, type PageHarness, startPageHarness } from './page/page-harness.ts'
import { type SampleGallery, sampleImage } from './sample-gallery.ts'

const HERO = 'src/site.image.yaml#hero'

describe.skipIf(!chromium)('the gallery page (skipped where there is no Chromium)', () => {
  let gallery: PageHarness
  let sample: SampleGallery
  let server: GalleryServer
  let page: Page
  beforeAll(async () => {
    gallery = await startPageHarness(/status of 409/)
    ;({ sample, server } = gallery)
  })
  afterEach(() => gallery.endTest())
  afterAll(() => gallery?.close())

  const open = async (hash?: string, options?: BrowserContextOptions): Promise<void> => {
    page = await gallery.open(hash, options)
  }
  const openImage = async (key: string, options?: BrowserContextOptions): Promise<void> => {
    page = await gallery.openImage(key, options)
  }
  const names = (): Promise<string[]> => page.locator('.card .name').allTextContents()
  const send = (update: GalleryUpdate): Promise<void> => gallery.send(update)
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('data-key') ?? null)

  test('shows every image under its manifest, with its state in words', async () => {
    await open()
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual([
      'content/blog/posts.image.yaml',
      'src/site.image.yaml',
    ])
    expect(await names()).toHaveLength(sample.data.images.length)
    await expectShown(page.getByRole('link', { name: /^og Failed .* Your request was rejected/ }))
    await expectShown(page.getByText('Budget: 12 of 100'))
    expect(await page.locator('.card', { hasText: 'team' }).textContent()).toContain('size differs')
  })

  test('searches names, prompts and manifests, and filters by state and manifest with counts', async () => {
    await open()
    await page.keyboard.press('/')
    await page.keyboard.type('oilskins')
    expect(await names()).toEqual(['portrait'])
    await page.keyboard.press('Escape')
    expect(await names()).toHaveLength(sample.data.images.length)
    await page.getByRole('button', { name: 'Missing 2' }).click()
    expect(await names()).toEqual(['banner', 'fog'])
    await page.reload()
    expect(await page.getByRole('button', { name: 'Missing 2' }).getAttribute('aria-pressed')).toBe(
      'true',
    )
    await page.getByLabel('Manifest', { exact: true }).selectOption('content/blog/posts.image.yaml')
    await page.getByRole('button', { name: 'Show all images' }).click()
    expect(await names()).toHaveLength(sample.data.images.length)
  })

  test('is walked through by keyboard alone', async () => {
    await open()
    await page.keyboard.press('/')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('content/blog/posts.image.yaml#avatar')
    await page.keyboard.press('ArrowRight')
    expect(await focused()).toBe('content/blog/posts.image.yaml#storm')
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('src/site.image.yaml#hero-night')
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'hero' })
    await expectShown(dialog)
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      expect(
        await page.evaluate(
          () =>
            document.activeElement === document.body || !!document.activeElement?.closest('dialog'),
        ),
      ).toBe(true)
    }
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    expect(await focused()).toBe(HERO)
  })

  test('takes changes in place: the open panel keeps focus, scroll and the chosen revision', async () => {
    await openImage(HERO)
    const revision = page.getByRole('button', { name: 'Revision 2' })
    await revision.click()
    await page.locator('.parts').evaluate(parts => parts.scrollTo(0, 120))
    const hero = sample.data.images.find(image => image.id.name === 'hero')
    const night = sample.data.images.find(image => image.id.name === 'hero-night')
    if (!hero?.picture || !night) throw new Error('The sample lacks its images.')
    await page
      .locator('.card img')
      .first()
      .evaluate(image => image.setAttribute('data-same', 'yes'))
    await send({
      images: [
        { ...hero, status: { state: 'queued' } },
        {
          ...night,
          status: { state: 'ready', where: 'local' },
          picture: { ...hero.picture, digest: 'night' },
        },
      ],
      budget: { spent: 13, limit: 100 },
    })
    await expectShown(page.getByText('It is in the queue.'))
    expect(await page.locator('.parts').evaluate(parts => parts.scrollTop)).toBeGreaterThan(0)
    expect(await revision.getAttribute('aria-pressed')).toBe('true')
    expect(await revision.evaluate(button => button === document.activeElement)).toBe(true)
    expect(await page.locator('.card img[data-same]').count()).toBe(1)
    await page.getByRole('status').filter({ hasText: 'hero-night: ready.' }).waitFor()
    await page.keyboard.press('Escape')
    await expectShown(page.getByText('Budget: 13 of 100'))
    await expectShown(page.getByRole('link', { name: /^hero-night Ready/ }))
    await send({ removed: [hero.id] })
    expect(await names()).not.toContain('hero')
  })

  test('says what was spent, what is left, and what a picture cost', async () => {
    const price = { amount: 0.04, currency: 'EUR' }
    server.data = {
      ...sample.data,
      cost: { spent: 0.62, possiblyWasted: 0.16, unpriced: 0, currency: 'EUR' },
      budget: { spent: 12, limit: 100, spend: { spent: 0.1, limit: 5, currency: 'EUR' } },
      images: sample.data.images.map(image => ({
        ...image,
        price,
        ...(image.picture && { picture: { ...image.picture, cost: { ...price, amount: 0.0385 } } }),
      })),
    }
    await openImage(HERO)
    const costs = page.locator('dt', { hasText: 'Cost' }).locator('xpath=following-sibling::dd')
    expect(await costs.textContent()).toBe('0.0385 EUR')
    await page.keyboard.press('Escape')
    await expectShown(page.getByText(/^\d+ images · spent 0\.62 EUR$/))
    await expectShown(page.getByText('4.90 EUR left'))
    await send({ cost: { spent: 0.66, possiblyWasted: 0, unpriced: 0, currency: 'EUR' } })
    await expectShown(page.getByText(/ · spent 0\.66 EUR$/))
    await page.goto(`${server.url}#image=${encodeURIComponent('src/site.image.yaml#banner')}`)
    await expect.poll(() => costs.textContent()).toBe('about 0.04 EUR')
  })

  test('asks before it generates, and sends the token as JSON', async () => {
    await openImage(HERO)
    await page.getByLabel('How many alternatives').fill('3')
    await page.getByRole('button', { name: 'Generate alternatives' }).click()
    const question = page.getByRole('dialog', { name: 'Generate 3 pictures?' })
    expect(await question.textContent()).toContain(
      'This generates 3 pictures. 12 of 100 of the budget are used.',
    )
    await question.getByRole('button', { name: 'Cancel' }).click()
    expect(server.actions).toEqual([])
    await page.getByRole('button', { name: 'Generate alternatives' }).click()
    await Promise.all([
      page.waitForResponse('**/actions'),
      page.getByRole('button', { name: 'Generate 3 pictures' }).click(),
    ])
    expect(server.actions).toEqual([
      {
        type: 'application/json',
        body: {
          token: 'sample-token',
          action: 'alternatives',
          count: 3,
          image: { manifest: 'src/site.image.yaml', name: 'hero' },
        },
      },
    ])
  })

  test('shows the words of a server that refuses', async () => {
    server.refusal = 'The budget of this session have used up.'
    await openImage('src/site.image.yaml#og')
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.getByRole('button', { name: 'Generate 1 picture' }).click()
    await expectShown(page.getByRole('alert').getByText(server.refusal))
  })

  test('says what choosing another revision does to edits of the image', async () => {
    await openImage(HERO)
    await page.getByRole('button', { name: 'Revision 3' }).click()
    await page.getByRole('button', { name: 'Use this one' }).click()
    await expectShown(
      page.getByText('hero-night is an edit of this image and will be generated again to match.'),
    )
    await Promise.all([
      page.waitForResponse('**/actions'),
      page
        .getByRole('dialog', { name: 'Use this one?' })
        .getByRole('button', { name: 'Use this one' })
        .click(),
    ])
    expect(server.actions[0]?.body).toMatchObject({ action: 'use', revision: 3 })
  })

  test('compares revisions with one zoom for both', async () => {
    await openImage(HERO)
    await page.getByRole('button', { name: 'Side by side' }).click()
    await page.getByLabel('Zoom', { exact: true }).fill('3')
    const transforms = await page
      .locator('.views img')
      .evaluateAll(images => images.map(image => getComputedStyle(image).transform))
    expect(transforms).toHaveLength(2)
    expect(transforms[0]).toBe(transforms[1])
    expect(transforms[0]).toContain('matrix(3, 0, 0, 3')
    await page.getByRole('button', { name: 'Slider' }).click()
    await page.getByLabel('Divider between').fill('20')
    expect(
      await page
        .locator('.layer')
        .last()
        .evaluate(layer => getComputedStyle(layer).clipPath),
    ).toContain('20%')
  })

  test('takes prompts, names and messages as text only', async () => {
    const hostile = '</script><img src=x onerror="document.title=1">\u2028<b>'
    server.data = {
      ...sample.data,
      project: hostile,
      images: [
        sampleImage(
          hostile,
          1,
          { prompt: hostile, status: { state: 'failed', problem: hostile }, importLine: hostile },
          'a<b>.image.yaml',
        ),
      ],
      faults: [{ location: { path: hostile, line: 1, column: 1 }, message: hostile }],
    }
    await open()
    await page.locator('.card').click()
    // What a page obeys instead of showing it is left out.
    expect(await page.locator('.prose').textContent()).toBe(hostile.replace('\u2028', ''))
    expect(await page.locator('img[src="x"], b').count()).toBe(0)
  })

  test('offers nothing where nothing can be done, and says why where buying cannot', async () => {
    const { actions: _, ...still } = sample.data
    server.data = still
    await openImage('src/site.image.yaml#og')
    expect(await page.getByRole('button', { name: /Retry|Generate/ }).count()).toBe(0)
    await page.context().close()
    server.data = {
      ...sample.data,
      actions: { token: 't', refusal: 'LLMEASY_API_KEY is not set.' },
    }
    await openImage('src/site.image.yaml#og')
    await page.getByRole('button', { name: 'Retry' }).press('Enter')
    await expectShown(page.locator('.state').getByText('LLMEASY_API_KEY is not set.'))
    expect(await page.locator('.confirm').count()).toBe(0)
  })

  test('says what to do when there is no image, and when the data cannot be had', async () => {
    server.data = { ...sample.data, images: [] }
    await open()
    await expectShown(page.getByText('No images yet'))
    await page.route('**/data.json', route =>
      route.fulfill({ status: 200, body: '{"version":99}' }),
    )
    await page.reload()
    await expectShown(page.getByText('another version of the gallery'))
    await page.unroute('**/data.json')
    await page.getByRole('button', { name: 'Try again' }).click()
    await expectShown(page.getByText('No images yet'))
  })

  test('keeps a thousand images cheap: no more pictures are fetched than are near the window', async () => {
    const [picture] = sample.data.images.flatMap(image => image.picture ?? [])
    if (!picture) throw new Error('The sample has no picture.')
    server.data = {
      ...sample.data,
      images: Array.from({ length: 1000 }, (_, index) =>
        sampleImage(`image-${index}`, index, {
          picture: { ...picture, url: `${picture.url}?${index}` },
        }),
      ),
    }
    let fetched = 0
    await open()
    page.on('request', () => {
      fetched += 1
    })
    await page.reload()
    await page.waitForLoadState('networkidle')
    await expect.poll(async () => (await names()).length).toBe(1000)
    expect(fetched).toBeLessThan(150)
  })

  test.each(['light', 'dark'] as const)('has no fault that axe finds (%s)', async colorScheme => {
    await open('', { colorScheme, reducedMotion: 'reduce' })
    expect(await gallery.violations()).toEqual([])
    await page.locator(`[data-key="${HERO}"]`).click()
    await page.getByRole('button', { name: 'Slider' }).click()
    expect(await gallery.violations()).toEqual([])
    await page.getByRole('button', { name: 'Generate alternatives' }).click()
    expect(await gallery.violations()).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.locator('[data-key="content/blog/posts.image.yaml#storm"]').click()
    expect(await gallery.violations()).toEqual([])
    await page.setViewportSize({ width: 400, height: 800 })
    expect(await gallery.violations()).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
  })
})
