import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { drawPhoto } from '../support/photo.ts'
import { importBuilt } from './assert-image.ts'
import { BUNDLERS } from './bundlers.ts'
import { writeSite } from './sample-site.ts'

const MANIFEST = `images:
  founder: { source: ./photos/ana.jpg, alt: Ana }
  small:
    source: ./photos/li.avif
    prompt: A keeper
    output: { formats: [webp, jpeg], widths: [20], aspect: "1:1", position: top }
`

const hosts = BUNDLERS.filter(({ name }) => ['vite8', 'rollup', 'webpack'].includes(name))

test.each(hosts)('$name builds source images without key and request', async bundler => {
  vi.stubEnv('LLMEASY_API_KEY', undefined)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const root = await writeSite({
    'site.image.yaml': MANIFEST,
    'photos/ana.jpg': await drawPhoto(60, 90),
    'photos/li.avif': await drawPhoto(60, 90, 'avif'),
    'main.js': `export { founder, small } from './site.image.yaml'`,
  })
  const dist = path.join(root, 'dist')
  const entry = await bundler.build({
    root,
    open: (options, start, host) =>
      openForPlugin(options, { ...start, readVariable: () => undefined }, host),
  })
  const { founder, small } = (await importBuilt(entry)) as Record<string, ImageAsset>
  // In its own format, upright.
  expect(founder).toMatchObject({ width: 60, height: 90, format: 'jpeg', alt: 'Ana' })
  expect(small).toMatchObject({ width: 20, height: 20, format: 'jpeg' })
  for (const { src } of [founder, small].flatMap(asset => asset ?? [])) {
    const file = src.startsWith('file:') ? fileURLToPath(src) : path.join(dist, src)
    const picture = sharp(file)
    const { exif, xmp, icc, orientation, hasProfile } = await picture.metadata()
    expect({ exif, xmp, icc, orientation, hasProfile }).toEqual({ hasProfile: false })
    expect((await readFile(file)).toString('latin1')).not.toContain('Skarholm')
    const [red = 0, , blue = 255] = await picture.raw().toBuffer()
    expect(red).toBeGreaterThan(230)
    expect(blue).toBeLessThan(30)
  }
})
