import { mkdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { GalleryData } from '../../src/gallery/data/gallery-data.ts'
import { storeOriginals } from '../bench/harness/store-originals.ts'
import { createSite, type DevSite, startVite } from '../dev/dev-site.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { filesBelow } from '../support/folder.ts'

const executable = findChromium()
const COUNT = 120
const names = Array.from({ length: COUNT }, (_, index) => `p${index}`)
/** Smaller than it is asked for, so that it is quickly drawn. */
const PIXELS = { width: 600, height: 400 } as const
const SIZE = '1536x1024'

/** A site with an original of each image. */
async function createLargeSite(): Promise<DevSite> {
  const images = names.map(name => `  ${name}: { prompt: ${name} }\n`).join('')
  const output = '{ formats: [webp], widths: [300, 600], placeholder: blur }'
  const site = await createSite({
    'site.image.yaml': `defaults:\n  size: ${SIZE}\n  output: ${output}\nimages:\n${images}`,
  })
  const folder = path.join(site.root, 'pictures')
  await mkdir(folder)
  const pictures = names.map(async (name, index) => {
    const file = path.join(folder, `${name}.png`)
    const background = { r: index, g: 255 - index, b: 128 }
    await sharp({ create: { ...PIXELS, channels: 3, background } })
      .png()
      .toFile(file)
    return { prompt: name, size: SIZE, file, ...PIXELS }
  })
  await storeOriginals(site.root, await Promise.all(pictures))
  return site
}

/**
 * The work that sharp is given from now on: it tells when a decode, a resize or an encode is queued,
 * and when it ends.
 */
function countWork() {
  const seen = { told: 0, most: 0 }
  const follow = (): void => {
    seen.told += 1
    seen.most = Math.max(seen.most, sharp.counters().process)
  }
  sharp.queue.on('change', follow)
  onTestFinished(() => void sharp.queue.off('change', follow))
  return seen
}

/** The previews on disk, and which writing made them. */
async function findPreviews({ root }: DevSite): Promise<ReadonlyMap<string, string>> {
  const folder = path.join(root, 'node_modules')
  const files = (await filesBelow(folder)).filter(file => file.endsWith('.webp'))
  const marks = files.map(async file => {
    const { ino, mtimeMs } = await stat(path.join(folder, file))
    return [file, `${ino} ${mtimeMs}`] as const
  })
  return new Map(await Promise.all(marks))
}

async function readData(url: string): Promise<GalleryData> {
  return (await (await fetch(`${url}__imagegen/data.json`)).json()) as GalleryData
}

describe.skipIf(!executable)('previews of thousands (skipped where there is no Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  async function open(url: string): Promise<Page> {
    const page = await browser.newPage()
    await page.goto(`${url}__imagegen/`)
    return page
  }

  /** Every preview that the page has asked for is there. */
  async function untilWhole(page: Page): Promise<number> {
    const shown = page.locator('.grid img')
    await shown.first().waitFor()
    const isWhole = (images: Element[]) =>
      images.every(image => image instanceof HTMLImageElement && image.naturalWidth > 0)
    await expect.poll(() => shown.evaluateAll(isWhole), { timeout: 20_000 }).toBe(true)
    return shown.count()
  }

  test('makes those near the screen, each once: for two pages at a time, and over a restart', async () => {
    const site = await createLargeSite()
    const { url, server } = await startVite(site)
    const { images } = await readData(url)
    const work = countWork()
    const first = images[0]?.picture?.thumbnailUrl
    await fetch(`${url}__imagegen/${first}`)
    const each = work.told
    expect(each).toBeGreaterThan(0)

    const pages = await Promise.all([open(url), open(url)])
    const counts = await Promise.all(pages.map(untilWhole))
    const made = await findPreviews(site)
    expect(made.size).toBe(Math.max(...counts))
    expect(made.size).toBeLessThan(COUNT)
    // Nothing else was decoded: no page shows these pictures, so that nobody needs their placeholders.
    expect(work.told).toBe(each * made.size)
    expect(work.most).toBeLessThanOrEqual(4)
    await Promise.all(pages.map(page => page.close()))
    await server.close()

    const again = await startVite(site)
    await untilWhole(await open(again.url))
    expect(await findPreviews(site)).toEqual(made)
    expect(work.told).toBe(each * made.size)
  })

  test('asks the server for a preview once', async () => {
    const site = await createLargeSite()
    const { url } = await startVite(site)
    const [image] = (await readData(url)).images
    const answer = await fetch(`${url}__imagegen/${image?.picture?.thumbnailUrl}`)
    expect(answer.headers.get('cache-control')).toContain('immutable')
    const etag = answer.headers.get('etag') ?? ''
    const { width, format } = await sharp(await answer.arrayBuffer()).metadata()
    expect([width, format]).toEqual([480, 'webp'])
    const known = await fetch(answer.url, { headers: { 'if-none-match': etag } })
    expect(known.status).toBe(304)
  })
})
