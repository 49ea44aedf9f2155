import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GalleryAssets } from '../../src/gallery/shell/gallery-assets.ts'
import { writeStaticGallery } from '../../src/gallery/static/write-static-gallery.ts'
import { formatImageId } from '../../src/manifest/image-id.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'
import { bundleGalleryAssets } from './gallery-server.ts'
import {
  createSampleGallery,
  type SampleGallery,
  sampleDetails,
  sampleImage,
} from './sample-gallery.ts'

const executable = findChromium()
const HOSTILE = '</script><img src=x onerror="document.title=1">\u2028\u2029<!--'

describe('the static gallery', () => {
  let scratch: string
  let sample: SampleGallery
  let assets: GalleryAssets
  beforeAll(async () => {
    scratch = await makeFolder()
    sample = await createSampleGallery(path.join(scratch, 'pictures'), new Date())
    assets = await bundleGalleryAssets()
  })
  afterAll(() => removeFolder(scratch))

  test('leaves out what belongs to a server, and nothing in a prompt ends the script', async () => {
    const out = path.join(scratch, 'hostile')
    const images = [sampleImage(HOSTILE, 1, { prompt: HOSTILE })]
    const data = { ...sample.data, images }
    await writeStaticGallery({ data, details: {}, files: [] }, out, assets)
    const script = await readFile(path.join(out, 'data.js'), 'utf8')
    expect(script).not.toMatch(/[<>\u2028\u2029]/)
    expect(script).not.toMatch(/sample-token|editorUrl|budget/)
    const scope: { imagegenGalleryData?: { images: { prompt: string }[] } } = {}
    new Function('globalThis', script)(scope)
    expect(scope.imagegenGalleryData?.images[0]?.prompt).toBe(HOSTILE)
  })

  test.each(['../evil.png', '/etc/x.png', 'a/../../b.png', 'a\\b.png', 'https://x/y.png'])(
    'refuses to write a file for %s',
    async url => {
      const file = { url, path: sample.files[0]?.path ?? '' }
      await expect(
        writeStaticGallery(
          { data: sample.data, details: {}, files: [file] },
          path.join(scratch, 'refused'),
          assets,
        ),
      ).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    },
  )

  test.skipIf(!executable)(
    'opens from disk with its pictures, and offers nothing (skipped where there is no Chromium)',
    async () => {
      const out = path.join(scratch, 'out')
      const { data } = sample
      const details = Object.fromEntries(
        data.images.map(image => [formatImageId(image.id), sampleDetails(image)]),
      )
      await writeStaticGallery({ ...sample, details }, out, assets)
      const browser = await launchChromium(executable ?? '')
      try {
        const page = await browser.newPage()
        const troubles: string[] = []
        page.on('pageerror', error => troubles.push(String(error)))
        page.on('console', message => troubles.push(message.text()))
        await page.goto(pathToFileURL(path.join(out, 'index.html')).href)
        const picture = page.locator('.card img').first()
        await picture.waitFor()
        await expect
          .poll(() =>
            picture.evaluate(image => image instanceof HTMLImageElement && image.naturalWidth),
          )
          .toBeGreaterThan(0)
        await page.locator('[data-key="src/site.image.yaml#og"]').click()
        await page.getByRole('dialog', { name: 'og' }).waitFor()
        await page.goto(`${page.url().replace(/#.*/, '')}#image=src%2Fsite.image.yaml%23hero`)
        await page.reload()
        // What only the panel shows lies in a script of its own.
        const hero = page.getByRole('dialog', { name: 'hero' })
        await hero.getByRole('link', { name: 'AVIF', exact: true }).first().waitFor()
        expect(await hero.getByRole('link', { name: 'WebP', exact: true }).count()).toBe(1)
        expect(await page.getByRole('button', { name: /Retry|Generate|editor/ }).count()).toBe(0)
        expect(troubles).toEqual([])
      } finally {
        await browser.close()
      }
    },
  )
})
