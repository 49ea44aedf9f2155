import path from 'node:path'
import { expect, test } from 'vitest'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { BUNDLERS } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse by day
    size: 1536x1152
    alt: A lighthouse
    output: { formats: [webp, png], widths: [32, 64] }
    variants:
      dark: { media: "(prefers-color-scheme: dark)", image: hero-night }
      phone: { media: "(max-width: 40rem)", output: { aspect: "1:1", widths: [24, 48] } }
  hero-night:
    prompt: The same at night
    size: 1536x1152
  spare:
    prompt: Nobody imports this one
    size: 576x576
`

for (const bundler of BUNDLERS) {
  test(`${bundler.name} emits the variants of what is imported, and nothing else`, async () => {
    const root = await writeSite({
      'site.image.yaml': MANIFEST,
      'main.js': `export { hero } from './site.image.yaml'`,
    })
    const entry = await bundler.build({ root, open: createTestPipeline().open })
    const dist = path.join(root, 'dist')
    const hero = await assertImage((await importBuilt(entry)).hero, dist)
    const [dark, phone] = ['(prefers-color-scheme: dark)', '(max-width: 40rem)']
    expect(
      hero.sources?.map(({ media, type, width, height }) => [media, type, width, height]),
    ).toEqual([
      [dark, 'image/webp', 64, 48],
      [dark, 'image/png', 64, 48],
      [phone, 'image/webp', 48, 48],
      [phone, 'image/png', 48, 48],
      [undefined, 'image/webp', undefined, undefined],
      [undefined, 'image/png', undefined, undefined],
    ])
    expect(Object.keys(hero.variants ?? {})).toEqual(['dark', 'phone'])
    const night = await assertImage(hero.variants?.dark, dist)
    const square = await assertImage(hero.variants?.phone, dist)
    expect(night).toMatchObject({ width: 64, height: 48, alt: 'A lighthouse' })
    expect(square).toMatchObject({ width: 48, height: 48, format: 'png' })
    expect(new Set([hero.src, night.src, square.src]).size).toBe(3)
    expect(hero.sources?.[1]?.srcset).toBe(night.srcset)
    expect(await emittedPictures(dist)).toEqual(
      ['hero', 'hero-night', 'hero-phone'].flatMap(name => {
        const widths = name === 'hero-phone' ? [24, 48] : [32, 64]
        return widths.flatMap(width => ['png', 'webp'].map(type => `${name}-${width}w.${type}`))
      }),
    )
  })
}
