import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { InlineConfig } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { VITES, type ViteModule } from '../bundlers/bundlers.ts'
import { createSite, type DevSite } from './dev-site.ts'

const SITE = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1024x1024
    output: { formats: [webp], widths: [32, 64] }
  og:
    prompt: A social card
    size: 1024x1024
    output: { file: og/home.png }
`

const FILES = {
  'site.image.yaml': SITE,
  'main.js': `import { hero, og } from './site.image.yaml'; export { hero, og }`,
}

/** A page's server in middleware mode, as frameworks run it. */
async function serve(
  site: DevSite,
  load: () => Promise<ViteModule>,
  { plugins = [site.plugin.vite({ onSizeMismatch: 'ignore' })], ...config }: InlineConfig = {},
) {
  const { createServer } = await load()
  const vite = await createServer({
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    ...config,
    server: { middlewareMode: true, ws: false, ...config.server },
    plugins,
  })
  const http = createHttpServer(vite.middlewares).listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    http.close()
    await vite.close()
  })
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const assets = async () =>
    (await vite.ssrLoadModule('/main.js')) as { hero: ImageAsset; og: ImageAsset }
  return { vite, origin, assets }
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} serves drafts, then pictures, to servers as well, below base`, async () => {
    const site = await createSite(FILES)
    const { origin, assets } = await serve(site, load, { base: '/site/' })
    const drafts = await assets()
    expect(drafts.hero.src).toMatch(/^\/site\/.*\.svg$/)
    expect(drafts.hero).toMatchObject({ width: 64, height: 64, type: 'image/svg+xml' })
    const draft = await fetch(origin + drafts.hero.src)
    expect(draft.headers.get('content-type')).toBe('image/svg+xml')
    expect(await draft.text()).toContain('hero')

    await expect.poll(async () => (await assets()).hero.src, { timeout: 10_000 }).toMatch(/webp$/)
    await expect.poll(async () => (await assets()).og.type, { timeout: 10_000 }).toBe('image/png')
    const { hero, og } = await assets()
    expect((await fetch(origin + hero.src)).headers.get('content-type')).toBe('image/webp')
    expect(og.src).toMatch(/^\/site\/og\/home\.png\?/)
    const fixed = await fetch(`${origin}/site/og/home.png`)
    expect(fixed.headers.get('content-type')).toBe('image/png')
    expect(fixed.headers.get('cache-control')).toBe('no-cache')
    expect(site.api.billed).toBe(2)
  })
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} lets a page of a backend read pictures as it lets it read its own assets`, async () => {
    const site = await createSite({
      ...FILES,
      'own.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    })
    const { origin, assets } = await serve(site, load)
    const read = async (url: string, from: string) => {
      const { headers } = await fetch(origin + url, { headers: { origin: from } })
      return headers.get('access-control-allow-origin')
    }
    const { hero } = await assets()
    for (const from of ['http://localhost:8000', 'https://evil.example']) {
      expect(await read(hero.src, from), from).toBe(await read('/own.svg', from))
    }
    expect(await read(hero.src, 'http://localhost:8000')).toBe('http://localhost:8000')
  })
}

test('servers of one plugin instance share files, drafts and what is being generated', async () => {
  const site = await createSite(FILES, { delay: 500 })
  const plugins = [site.plugin.vite({ onSizeMismatch: 'ignore' })]
  const pages = await serve(site, () => import('vite'), { plugins })
  const renderer = await serve(site, () => import('vite'), { plugins })

  const draft = (await renderer.assets()).hero.src
  expect(draft).toMatch(/\.svg$/)
  expect((await fetch(pages.origin + draft)).status).toBe(200)
  await expect.poll(async () => (await renderer.assets()).hero.src).toMatch(/\.webp$/)
  const { hero } = await renderer.assets()
  expect((await pages.assets()).hero).toEqual(hero)
  expect((await fetch(pages.origin + hero.src)).headers.get('content-type')).toBe('image/webp')
  expect(site.api.billed).toBe(2)

  await renderer.vite.close()
  await site.write({ 'site.image.yaml': SITE.replace('cliff', 'rock') })
  await expect.poll(() => site.api.billed).toBe(3)
  await expect.poll(async () => (await pages.assets()).hero.src).not.toBe(hero.src)
})

test('gives browsers a module, and URLs of the origin that is configured', async () => {
  const site = await createSite(FILES)
  const { origin, assets } = await serve(site, () => import('vite'), {
    server: { origin: 'https://assets.test' },
  })
  const main = await (await fetch(`${origin}/main.js`)).text()
  const url = /"(\/site\.image\.yaml[^"]*)"/.exec(main)?.[1]
  const answer = await fetch(origin + url)
  expect(answer.headers.get('content-type')).toBe('text/javascript')
  expect(await answer.text()).toContain('https://assets.test/__imagegen/assets/hero-')
  expect((await assets()).hero.src).toMatch(/^https:\/\/assets\.test\//)
})

test('lets browsers keep what they have, and nobody ask for more', async () => {
  const site = await createSite(FILES)
  const { origin, assets } = await serve(site, () => import('vite'))
  const url = origin + (await assets()).hero.src
  const first = await fetch(url, { method: 'HEAD' })
  expect(first.headers.get('cache-control')).toContain('immutable')
  const etag = first.headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]{64}"$/)
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304)
  expect((await fetch(url, { method: 'POST' })).status).toBe(405)
  const folder = `${origin}/__imagegen/assets/`
  expect((await fetch(`${folder}other.png`)).status).toBe(404)
  expect((await fetch(`${folder}..%2f..%2fpackage.json`)).status).toBe(404)
  expect((await fetch(`${folder}%zz`)).status).not.toBe(200)
})

test('serves files under their own names', async () => {
  const site = await createSite({
    'site.image.yaml': `images:
  og:
    prompt: A mark
    size: 1024x1024
    output: { files: [{ file: favicon.ico }, { file: tiles/32.webp, width: 32, padding: 10% }] }
`,
    'main.js': `import { og } from './site.image.yaml'; export { og }`,
  })
  const { origin, assets } = await serve(site, () => import('vite'), { base: '/site/' })
  const drafts = (await assets()).og
  expect(drafts.files?.['favicon.ico']).toMatchObject({ width: 48, type: 'image/svg+xml' })
  await expect.poll(async () => (await assets()).og.type, { timeout: 10_000 }).toBe('image/png')
  const { files = {} } = (await assets()).og
  expect(files['favicon.ico']?.src).toMatch(/^\/site\/favicon\.ico\?/)
  const icon = await fetch(`${origin}/site/favicon.ico`)
  expect(icon.headers.get('content-type')).toBe('image/x-icon')
  const bytes = new Uint8Array(await icon.arrayBuffer())
  expect([...bytes.subarray(0, 6)]).toEqual([0, 0, 1, 0, 3, 0])
  const tile = await fetch(`${origin}${files['tiles/32.webp']?.src}`)
  expect(tile.headers.get('content-type')).toBe('image/webp')
})
