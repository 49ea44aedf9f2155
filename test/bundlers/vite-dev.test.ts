import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import sharp from 'sharp'
import type { InlineConfig } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { unpluginOf, VITES, type ViteModule } from './bundlers.ts'
import { createFakePipeline } from './fake-pipeline.ts'
import { SITE, writeProject } from './project.ts'

/** A page's server in middleware mode, as frameworks run it. */
async function serve(load: () => Promise<ViteModule>, config: InlineConfig = {}) {
  const root = await writeProject({
    'site.image.yaml': SITE,
    'main.js': `import { hero, og } from './site.image.yaml'; export { hero, og }`,
  })
  const pipeline = createFakePipeline(path.join(root, '.store'))
  const { createServer } = await load()
  const vite = await createServer({
    root,
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    ...config,
    server: { middlewareMode: true, ws: false, ...config.server },
    plugins: [unpluginOf(pipeline.open).vite()],
  })
  const http = createHttpServer(vite.middlewares).listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    http.close()
    await vite.close()
    expect(pipeline.closed).toBe(pipeline.opened)
  })
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return { root, vite, origin }
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} serves pictures in development, below base`, async () => {
    const { vite, origin } = await serve(load, { base: '/site/' })
    const { hero, og } = (await vite.ssrLoadModule('/main.js')) as Record<string, ImageAsset>
    for (const image of [hero, og]) {
      expect(image?.src).toMatch(/^\/site\//)
      const answer = await fetch(origin + image?.src)
      expect(answer.headers.get('content-type')).toBe('image/png')
      const { width, height } = await sharp(await answer.arrayBuffer()).metadata()
      expect({ width, height }).toEqual({ width: image?.width, height: image?.height })
    }
    expect((await fetch(`${origin}/site/og/home.png`)).status).toBe(200)
  })

  test(`${name} gives browsers a module`, async () => {
    const { origin } = await serve(load)
    const main = await (await fetch(`${origin}/main.js`)).text()
    const url = /"(\/site\.image\.yaml[^"]*)"/.exec(main)?.[1]
    const answer = await fetch(origin + url)
    expect(answer.headers.get('content-type')).toBe('text/javascript')
    expect(await answer.text()).toContain('/__imagegen/assets/hero-')
  })
}

test('lets browsers keep what they have, and nobody ask for more', async () => {
  const { vite, origin } = await serve(() => import('vite'))
  const { hero } = (await vite.ssrLoadModule('/main.js')) as Record<string, ImageAsset>
  const url = origin + hero?.src
  const first = await fetch(url, { method: 'HEAD' })
  expect(first.headers.get('cache-control')).toContain('immutable')
  const etag = first.headers.get('etag') ?? ''
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  const folder = `${origin}/__imagegen/assets/`
  expect((await fetch(`${folder}other.png`)).status).toBe(404)
  expect((await fetch(`${folder}..%2f..%2fpackage.json`)).status).toBe(404)
  expect((await fetch(`${folder}%zz`)).status).not.toBe(200)
})

test('shows an edited manifest', async () => {
  const { vite, root } = await serve(() => import('vite'))
  const before = (await vite.ssrLoadModule('/main.js')) as Record<string, ImageAsset>
  const changed = new Promise(resolve => vite.watcher.once('change', resolve))
  await writeFile(path.join(root, 'site.image.yaml'), SITE.replace('on a cliff', 'in a storm'))
  await changed
  await expect
    .poll(async () => (await vite.ssrLoadModule('/main.js')).hero.src, { timeout: 10_000 })
    .not.toBe(before.hero?.src)
})
