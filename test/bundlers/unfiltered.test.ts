import path from 'node:path'
import { type Plugin, rollup } from 'rollup'
import { expect, test } from 'vitest'
import { assertImage, importBuilt } from './assert-image.ts'
import { unpluginOf } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

test('a Rollup that knows no hook filters leaves other modules to itself', async () => {
  const root = await writeSite({
    'site.image.yaml': SITE,
    'other.js': 'export const other = 1',
    'main.js': `export { hero } from './site.image.yaml'; export { other } from './other.js'`,
  })
  const { open } = createTestPipeline()
  const plugin = unpluginOf(open).rollup({ root })
  for (const one of [plugin].flat() as Plugin[]) {
    for (const hook of [one.resolveId, one.load]) {
      if (typeof hook === 'object') Reflect.deleteProperty(hook ?? {}, 'filter')
    }
  }
  const bundle = await rollup({ input: path.join(root, 'main.js'), plugins: [plugin] })
  await bundle.write({ dir: path.join(root, 'dist'), format: 'es' })
  await bundle.close()
  const exports = await importBuilt(path.join(root, 'dist/main.js'))
  expect(exports.other).toBe(1)
  await assertImage(exports.hero, path.join(root, 'dist'))
})
