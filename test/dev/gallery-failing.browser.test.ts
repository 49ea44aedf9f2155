import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { chromium, startGallery, useBrowser, VITE_VERSIONS, violations } from './gallery-site.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1024x1024
  night:
    prompt: A calm night
    size: 1024x1024
`

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

/** A page and its console obey none of these. */
const HOSTILE =
  '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e\u0007\u001b[31m'

const END = ' the very end'

/** 100 kB. */
const LONG = `${HOSTILE}${' and so on'.repeat(10_000)}${END}`

describe.skipIf(!chromium)('a gallery when things fail (skipped without Chromium)', () => {
  const { openGalleryPage } = useBrowser()

  test.each([
    ['unusable', 'recorded', { body: { error: { message: LONG } } }],
    [
      'refused',
      'whole',
      { status: 400, body: { error: { message: LONG.slice(0, 60_000) + END } } },
    ],
    ['unusable', 'short', { headers: { 'content-type': 'text/html' }, body: `<p>${LONG}` }],
  ] as const)(
    'shows an answer of 100 kB as text, clipped, and all of it when asked: %s, %s',
    async (state, length, reply) => {
      const { site, url, gallery } = await startGallery(MANIFEST)
      site.api.failWhen('lighthouse', reply)
      const { page, troubles } = await openGalleryPage(url, 'site.image.yaml#hero')
      await gallery.post('actions', { action: 'generate', image: HERO })
      await expect.poll(async () => (await gallery.image('hero')).status.state).toBe(state)
      const report = page.locator('.detail .state')
      await report.getByText('All that is known').click()
      const shown = report.locator('.own-words')
      const height = () => shown.evaluate(words => words.clientHeight)
      expect(((await shown.textContent()) ?? '').length).toBeLessThan(4_100)
      expect(await height()).toBeLessThan(400)
      if (length === 'whole') {
        await report.getByRole('button', { name: /^Show all \d+ characters$/ }).click()
        await expect.poll(() => shown.textContent()).toContain('the very end')
        const whole = (await shown.textContent()) ?? ''
        expect(whole.length).toBeGreaterThan(59_000)
        for (const mark of ['\u202e', '\u0007', '\u001b']) expect(whole).not.toContain(mark)
        expect(whole).toContain(HOSTILE.replace(/\u202e.*/su, '[31m'))
        expect(await height()).toBeLessThan(400)
        await report.getByRole('button', { name: 'Show the beginning only' }).click()
        expect(((await shown.textContent()) ?? '').length).toBeLessThan(4_100)
      }
      if (length === 'recorded') {
        const raw = await readdir(path.join(site.root, '.imagegen/local/quarantine'))
        const texts = raw.map(name =>
          readFile(path.join(site.root, '.imagegen/local/quarantine', name), 'utf8'),
        )
        expect((await Promise.all(texts)).join('')).toContain(END)
        await report.getByText(/^The answer itself lies in local\/quarantine/).waitFor()
      }
      // The page goes on: the next image, another try, and what it brings.
      site.api.reset()
      await page.getByRole('button', { name: 'Next image' }).click()
      await page.getByRole('dialog', { name: 'night' }).waitFor()
      await page.getByRole('button', { name: 'Previous image' }).click()
      await report.getByRole('button').first().click()
      await page.locator('.confirm button').last().click()
      await page.locator('.detail').getByText('Ready', { exact: true }).waitFor()
      expect(await page.title()).toContain('Image gallery')
      expect(await page.locator('.detail img[src="x"]').count()).toBe(0)
      expect(troubles).toEqual([])
    },
  )

  test.each(Object.entries(VITE_VERSIONS))(
    'keeps words that were typed when the server restarts, and saves them to the new one: %s',
    async (_name, load) => {
      const { server, url, read, started } = await startGallery(MANIFEST, { vite: { load } })
      const { page } = await openGalleryPage(url, 'site.image.yaml#night')
      await page.keyboard.press('e')
      await page.getByLabel('Prompt', { exact: true }).fill('A stormy night')
      await page.getByLabel('Alt text').fill('Clouds')
      await page.getByRole('button', { name: 'Save without generating' }).waitFor()
      const { port } = new URL(url)
      const reloaded = page.waitForEvent('framenavigated')
      await server.close()
      await page.getByText('The development server cannot be reached.').waitFor()
      await page.getByLabel('Alt text').fill('Dark clouds')
      await started({ server: { port: Number(port), strictPort: true } })
      await reloaded
      await page.getByLabel('Alt text').waitFor()
      expect(await page.getByLabel('Prompt', { exact: true }).inputValue()).toBe('A stormy night')
      expect(await page.getByLabel('Alt text').inputValue()).toBe('Dark clouds')
      await page.getByRole('button', { name: 'Save without generating' }).click()
      await page.getByText('Saved.').waitFor()
      expect(await read()).toBe(
        MANIFEST.replace(
          'A calm night\n    size: 1024x1024',
          'A stormy night\n    size: 1024x1024\n    alt: Dark clouds',
        ),
      )
      // What was saved does not come back.
      await page.reload()
      await page.getByRole('button', { name: 'Edit words' }).waitFor()
      expect(await page.getByLabel('Alt text').count()).toBe(0)
    },
  )

  test('gives back words whose image was removed or renamed meanwhile', async () => {
    const { site, url } = await startGallery(MANIFEST)
    const { page } = await openGalleryPage(url, 'site.image.yaml#night')
    await page.keyboard.press('e')
    await page.getByLabel('Prompt', { exact: true }).fill('A stormy night')
    await site.write({ 'site.image.yaml': MANIFEST.replace('night:', 'evening:') })
    await page.locator('.detail').waitFor({ state: 'detached' })
    const kept = page.getByRole('region', { name: 'Unsaved words of night' })
    await kept.getByText('site.image.yaml does not have night any more.').waitFor()
    await kept.getByText('prompt: A stormy night').waitFor()
    expect(await violations(page)).toEqual([])
    // They are there after a reload, and when the image comes back its form has them.
    await page.reload()
    await kept.getByText('prompt: A stormy night').waitFor()
    await site.write({ 'site.image.yaml': MANIFEST })
    await kept.waitFor({ state: 'detached' })
    // Its panel opens again, since the address names it.
    expect(await page.getByLabel('Prompt', { exact: true }).inputValue()).toBe('A stormy night')
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await page.reload()
    await page.getByRole('button', { name: 'Edit words' }).waitFor()
  })

  test('of two tabs that edit one image the second one is told, and takes its words along', async () => {
    const { url, read } = await startGallery(MANIFEST)
    const tabs = [
      (await openGalleryPage(url, 'site.image.yaml#night')).page,
      (await openGalleryPage(url, 'site.image.yaml#night')).page,
    ] as const
    const [first, second] = tabs
    for (const page of tabs) {
      await page.keyboard.press('e')
      await page.getByLabel('Prompt', { exact: true }).waitFor()
    }
    await first.getByLabel('Alt text').fill('Of the first')
    await second.getByLabel('Prompt', { exact: true }).fill('Of the second')
    await second.getByRole('button', { name: 'Save without generating' }).waitFor()
    await first.getByRole('button', { name: 'Save', exact: true }).click()
    await first.getByText('Saved.').waitFor()
    await second.getByRole('button', { name: 'Save without generating' }).click()
    await second
      .getByRole('alert')
      .getByText(/changed since this page read it/)
      .waitFor()
    expect(await violations(second)).toEqual([])
    await second.getByRole('button', { name: 'Read the manifest again' }).click()
    await expect.poll(() => second.getByLabel('Alt text').inputValue()).toBe('Of the first')
    await second.getByRole('button', { name: 'Save without generating' }).click()
    await second.getByText('Saved.').waitFor()
    expect(await read()).toBe(
      MANIFEST.replace(
        'A calm night\n    size: 1024x1024',
        'Of the second\n    size: 1024x1024\n    alt: Of the first',
      ),
    )
    // Each sees both changes, the latest of which can be undone.
    await first.getByRole('button', { name: 'Undo the change of prompt of night' }).waitFor()
  })
})
