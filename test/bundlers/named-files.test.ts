import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { importBuilt } from './assert-image.ts'
import { BUNDLERS } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const NAMES = {
  'favicon.ico': [48, 48],
  'apple-touch-icon.png': [180, 180],
  'icon-192.png': [192, 192],
  'icon-512.png': [512, 512],
  'icon-maskable-512.png': [512, 512],
  'cards/home.webp': [1200, 630],
}

for (const bundler of BUNDLERS) {
  test(`${bundler.name} emits files under their own names`, async () => {
    const root = await writeSite({
      'site.image.yaml': `images:
  logo:
    source: ./logo.png
    output: { files: [icons, { file: cards/home.webp, width: 1200, height: 630 }] }
`,
      'main.js': `export { logo } from './site.image.yaml'`,
    })
    await sharp({ create: { width: 1300, height: 700, channels: 3, background: '#336699' } })
      .png()
      .toFile(path.join(root, 'logo.png'))
    const entry = await bundler.build({ root, open: createTestPipeline().open })
    const dist = path.join(root, 'dist')
    const logo = (await importBuilt(entry)).logo as ImageAsset
    expect(
      Object.fromEntries(
        Object.entries(logo.files ?? {}).map(([name, { width, height }]) => [
          name,
          [width, height],
        ]),
      ),
    ).toEqual(NAMES)
    const emitted = await readdir(dist, { recursive: true })
    for (const [name, { src, type }] of Object.entries(logo.files ?? {})) {
      expect(emitted.map(file => file.replaceAll('\\', '/'))).toContain(name)
      expect(src.endsWith(name)).toBe(true)
      const file = path.join(dist, name)
      if (type === 'image/x-icon') {
        expect([...(await readFile(file)).subarray(0, 6)]).toEqual([0, 0, 1, 0, 3, 0])
      } else {
        const { width, height, format } = await sharp(file).metadata()
        expect({ size: [width, height], type: `image/${format}` }).toEqual({
          size: NAMES[name as keyof typeof NAMES],
          type,
        })
      }
    }
    expect(logo.links).toEqual([
      {
        rel: 'icon',
        href: logo.files?.['favicon.ico']?.src,
        sizes: '16x16 32x32 48x48',
        type: 'image/x-icon',
      },
      {
        rel: 'apple-touch-icon',
        href: logo.files?.['apple-touch-icon.png']?.src,
        sizes: '180x180',
        type: 'image/png',
      },
    ])
    expect(logo.manifestIcons?.map(({ sizes, purpose }) => [sizes, purpose])).toEqual([
      ['192x192', 'any'],
      ['512x512', 'any'],
      ['512x512', 'maskable'],
    ])
  })
}

test('a source image that is too small for a file is an error', async () => {
  const root = await writeSite({
    'logo.image.yaml': 'source: ./logo.png\noutput: { files: [icons] }\n',
    'main.js': `export { default } from './logo.image.yaml'`,
  })
  await sharp({ create: { width: 190, height: 190, channels: 3, background: '#336699' } })
    .png()
    .toFile(path.join(root, 'logo.png'))
  const rollup = BUNDLERS.find(({ name }) => name === 'rollup')
  await expect(rollup?.build({ root, open: createTestPipeline().open })).rejects.toThrow(
    'logo.image.yaml#logo: the picture of 190×190 pixels is too small for "icon-192.png" of 192×192.',
  )
})
