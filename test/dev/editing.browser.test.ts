import { rename, symlink } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VITES } from '../bundlers/bundlers.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, startVite } from './dev-site.ts'
import { FRAMEWORKS } from './frameworks.ts'

const executable = findChromium()
const SOON = { timeout: 15_000 }

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    alt: A lighthouse
    output: { formats: [webp, jpeg], widths: [48, 96], placeholder: blur }
  tile:
    prompt: A tile of waves
    references: [./ref.png]
    size: 1024x1024
`

async function reference(colour: string): Promise<Buffer> {
  return sharp({ create: { width: 16, height: 16, channels: 3, background: colour } })
    .png()
    .toBuffer()
}

describe.skipIf(!executable)(
  'an open page while manifests are edited (skipped without Chromium)',
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium(executable ?? '')
    })
    afterAll(() => browser?.close())

    test.each(Object.entries(FRAMEWORKS))('%s', async (_name, { files, plugins }) => {
      const site = await createSite(
        { ...files, 'site.image.yaml': MANIFEST, 'ref.png': await reference('red') },
        { delay: 600 },
      )
      await symlink(path.resolve('node_modules'), path.join(site.root, 'node_modules'))
      const { url } = await startVite(site, { plugins: [...(await plugins())] })
      const page: Page = await browser.newPage()
      await page.goto(url)
      await page.locator('#hero').waitFor()
      const src = () => page.locator('#hero').getAttribute('src')
      const box = () =>
        page.locator('#box').evaluate(element => (element as HTMLElement).style.backgroundImage)
      await page.fill('#typed', 'kept')
      await page.click('#count')
      await page.evaluate('window.stamp = 1')
      const overlay = page.locator('vite-error-overlay')

      // Drafts, then pictures.
      await expect.poll(src, SOON).toMatch(/\.jpg$/)
      await expect.poll(box, SOON).toMatch(/\.png/)
      expect(await page.locator('source').first().getAttribute('srcset')).toMatch(
        /\.webp 48w, .*96w$/,
      )
      expect(await page.evaluate('hero.src')).toBe(await src())

      // An edited prompt: the old picture stays until the new one is there.
      const first = await src()
      await site.write({ 'site.image.yaml': MANIFEST.replace('cliff', 'rock') })
      await expect.poll(() => site.api.count, SOON).toBe(3)
      expect(await src()).toBe(first)
      await expect.poll(src, SOON).not.toBe(first)
      expect(await src()).toMatch(/\.jpg$/)

      // A fault is told where it stands, and everything stays as it was.
      const second = await src()
      await site.write({ 'site.image.yaml': MANIFEST.replace('size: 1536', 'sise: 1536') })
      await overlay.waitFor()
      expect(await overlay.locator('.file').first().textContent()).toContain('site.image.yaml:4:')
      expect(await src()).toBe(second)
      await site.write({ 'site.image.yaml': MANIFEST.replace('cliff', 'rock') })
      await overlay.waitFor({ state: 'detached' })
      expect(await src()).toBe(second)

      // An edited output costs nothing; an edited reference makes another request.
      await site.write({
        'site.image.yaml': MANIFEST.replace('cliff', 'rock').replace('[48, 96]', '[64]'),
      })
      await expect.poll(src, SOON).toMatch(/64w-\w+\.jpg$/)
      expect(await page.locator('#hero').getAttribute('width')).toBe('64')
      expect(site.api.count).toBe(3)
      const before = await box()
      await site.write({ 'ref.png': await reference('blue') })
      await expect.poll(box, SOON).not.toBe(before)

      // The component still counts, and renders what is shown at present.
      await page.click('#count')
      expect(await page.textContent('#count')).toBe('2')
      expect(await src()).toMatch(/64w-\w+\.jpg$/)
      expect(await page.inputValue('#typed')).toBe('kept')
      expect(await page.evaluate('window.stamp')).toBe(1)
      expect(site.api.billed).toBe(4)
    })

    test('other names are a usual hot update', async () => {
      const site = await createSite({
        ...FRAMEWORKS['plain TypeScript']?.files,
        'site.image.yaml': MANIFEST,
        'ref.png': await reference('red'),
      })
      const { url } = await startVite(site)
      const page = await browser.newPage()
      await page.goto(url)
      await page.locator('#hero').waitFor()
      await page.evaluate('window.stamp = 1')
      await site.write({ 'site.image.yaml': MANIFEST.replaceAll('tile:', 'tiles:') })
      await expect.poll(() => page.evaluate('window.stamp'), SOON).toBeUndefined()
    })

    test.each(Object.entries(VITES))(
      '%s: faults are shown whole, and a renamed manifest is none',
      async (_name, load) => {
        const manifest = `images:\n  hero: { prompt: A lighthouse, size: 1024x1024 }\n`
        const code = (name: string) => `import { hero } from './${name}.image.yaml'
document.body.append(Object.assign(new Image(), { id: '${name}', src: hero.src }))
if (import.meta.hot) import.meta.hot.accept()`
        const site = await createSite({
          'index.html': '<!doctype html><body><script type="module" src="/main.js"></script>',
          'main.js': code('site'),
          'site.image.yaml': manifest,
        })
        const { url } = await startVite(site, { load })
        const page = await browser.newPage()
        await page.goto(url)
        const src = (name: string) => page.locator(`#${name}`).getAttribute('src')
        await expect.poll(() => src('site'), SOON).toMatch(/\.png$/)

        const overlay = page.locator('vite-error-overlay')
        const faulty = manifest.replace('prompt', 'promt').replace('size', 'sise')
        await site.write({ 'site.image.yaml': faulty })
        const readFrame = () => overlay.locator('.frame').textContent()
        // A file that is half written shows another fault for a moment. The carets stand below what
        // they point at, in the first line too.
        await expect.poll(readFrame, SOON).toMatch(/^2 \| {3}hero: \{ promt.*\n {2}\| {11}\^{5}\n/m)
        expect((await readFrame())?.match(/2 \| {3}hero: .*\n +\| +\^+/g)?.length).toBeGreaterThan(
          1,
        )
        expect(await overlay.locator('.message-body').textContent()).not.toContain('^')
        await site.write({ 'site.image.yaml': manifest })
        await overlay.waitFor({ state: 'detached' })

        await site.write({ 'main.js': code('banner') })
        const at = (name: string) => path.join(site.root, name)
        await rename(at('site.image.yaml'), at('banner.image.yaml'))
        // Vite may run the edited code twice, and may be reloading the page for the file that is gone.
        const banners = () =>
          page.locator('#banner').evaluateAll(all => all.map(image => image.getAttribute('src')))
        await expect.poll(banners, SOON).toContainEqual(expect.stringMatching(/\.png$/))
        const reload = () =>
          page.reload().then(
            () => true,
            () => false,
          )
        await expect.poll(reload, SOON).toBe(true)
        await expect.poll(() => src('banner'), SOON).toMatch(/\.png$/)
        expect(await overlay.count()).toBe(0)
        expect(site.api.billed).toBe(1)
      },
    )
  },
)
