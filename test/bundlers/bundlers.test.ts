import path from 'node:path'
import { expect, test } from 'vitest'
import { assertImage, emittedPictures, importBuilt } from './assert-image.ts'
import { BUNDLERS } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

for (const bundler of BUNDLERS) {
  const build = async (files: Readonly<Record<string, string>>) => {
    const root = await writeSite(files)
    const pipeline = createTestPipeline()
    const entry = await bundler.build({ root, open: pipeline.open })
    return { exports: await importBuilt(entry), dist: path.join(root, 'dist'), pipeline }
  }

  test(`${bundler.name} emits what named imports use, and nothing else`, async () => {
    const { exports, dist, pipeline } = await build({
      'site.image.yaml': SITE,
      'main.js': `import { hero, heroNight } from './site.image.yaml'; export const list = [hero, heroNight]`,
    })
    const [hero, night] = exports.list as unknown[]
    expect(await assertImage(hero, dist)).toMatchObject({
      width: 64,
      height: 48,
      alt: 'Lighthouse <on> a cliff',
    })
    await assertImage(night, dist)
    expect(await emittedPictures(dist)).toEqual([
      'hero-32w.png',
      'hero-64w.png',
      'hero-night-48w.png',
      'home.png',
    ])
    expect(pipeline.closed).toBe(pipeline.opened)
  })

  test(`${bundler.name} gives a default record by manifest name`, async () => {
    const { exports, dist } = await build({
      'site.image.yaml': SITE,
      'main.js': `import site from './site.image.yaml'; export const record = site`,
    })
    const record = exports.record as Record<string, unknown>
    expect(Object.keys(record)).toEqual(['hero', 'hero-night', 'spare', 'og'])
    for (const image of Object.values(record)) await assertImage(image, dist)
    const og = await assertImage(record.og, dist)
    expect(og.src).toMatch(/og\/home\.png$/)
  })

  test(`${bundler.name} gives the image itself for a manifest of a single one`, async () => {
    const { exports, dist } = await build({
      'hero.image.yml': 'prompt: A single lighthouse\nsize: 384x192\n',
      'main.js': `import hero from './hero.image.yml'; export const image = hero`,
    })
    expect(await assertImage(exports.image, dist)).toMatchObject({ width: 16, height: 8 })
  })

  test(`${bundler.name} says where a manifest is wrong`, async () => {
    const building = build({
      'site.image.yaml': 'images:\n  hero:\n    size: 192x192\n',
      'main.js': `export * from './site.image.yaml'`,
    })
    await expect(building).rejects.toThrow(/site\.image\.yaml:2:[23][\s\S]*has no `prompt`/)
  })
}
