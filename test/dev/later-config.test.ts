import { rm } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { VITES } from '../bundlers/bundlers.ts'
import { createSite } from './dev-site.ts'

const withWidth = (width: number) => JSON.stringify({ output: { widths: [width] } })

for (const [name, load] of Object.entries(VITES)) {
  test(`${name}'s server sees that a configuration file comes, comes nearer, and goes`, async () => {
    const site = await createSite(
      {
        'package.json': '{"name":"site","type":"module"}',
        'app/hero.image.yaml': 'prompt: A lighthouse\nsize: 1024x1024\n',
        'app/main.js': `export { default as hero } from './hero.image.yaml'`,
      },
      { hasKey: false },
    )
    const { createServer } = await load()
    const vite = await createServer({
      root: path.join(site.root, 'app'),
      configFile: false,
      logLevel: 'silent',
      appType: 'custom',
      server: { middlewareMode: true, ws: false },
      plugins: [site.plugin.vite()],
    })
    onTestFinished(() => vite.close())
    const width = async () => {
      // While the server restarts, a module may find its environment closed.
      const main = await vite.ssrLoadModule('/main.js').catch(() => undefined)
      return (main as { hero: ImageAsset } | undefined)?.hero.width
    }
    const becomes = (expected: number) =>
      expect.poll(width, { timeout: 15_000, interval: 200 }).toBe(expected)

    await becomes(1024)
    await site.write({ 'imagegen.config.json': withWidth(32) })
    await becomes(32)
    await site.write({ 'app/imagegen.config.json': withWidth(48) })
    await becomes(48)
    await rm(path.join(site.root, 'app/imagegen.config.json'))
    await becomes(32)
    await rm(path.join(site.root, 'imagegen.config.json'))
    await becomes(1024)
  })
}
