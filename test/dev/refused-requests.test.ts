import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createLogger, type InlineConfig } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import { VITES, type ViteModule } from '../bundlers/bundlers.ts'
import { createSite } from './dev-site.ts'

const FILES = {
  'index.html': '<script type="module" src="/main.js"></script>',
  'leaking.html': '<!-- <img src="x.image.yaml"> --><img alt="" src="./site.image.yaml">',
  'main.js': `import './good.css'; import site from './site.image.yaml'; export default site`,
  'good.css': '/* url(./site.image.yaml) */ .a { content: "site.image.yaml" }',
  'leaking.css': '.a { background: url("./site.image.yaml?inline") }',
  'site.image.yaml': 'prompt: A secret lighthouse',
  'public/notes.image.yaml': 'notes: published on purpose',
  'public/card.image.yaml': 'prompt: A secret card',
}

async function serve(load: () => Promise<ViteModule>, config: InlineConfig = {}) {
  const site = await createSite(FILES)
  const { createServer } = await load()
  const errors: string[] = []
  const customLogger = createLogger('silent')
  customLogger.error = text => errors.push(text)
  const vite = await createServer({
    root: site.root,
    configFile: false,
    customLogger,
    ...config,
    server: { middlewareMode: true, ws: false },
    plugins: [site.plugin.vite({ exclude: ['public/notes.*'], onSizeMismatch: 'ignore' })],
  })
  const http = createHttpServer(vite.middlewares).listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(async () => {
    http.close()
    await vite.close()
  })
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  return { site, vite, errors, get: (url: string) => fetch(origin + url) }
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} serves a manifest to no page, but as a module or by ?raw`, async () => {
    const { site, errors, get } = await serve(load)
    const urls = [
      '/site.image.yaml',
      '/site.image.yaml/',
      '/site%2Eimage.yaml',
      '/./site.image.yaml?t=1',
      '/site.image.yaml?url',
      '/site.image.yaml?inline',
      '/site.image.yaml?import=x',
      '/site.image.yaml?imagegen.js',
      '/site.image.yaml#a',
      '/card.image.yaml',
      `/@fs${path.posix.join('/', site.root)}/site.image.yaml`,
    ]
    for (const url of urls) {
      const answer = await get(url)
      expect([url, answer.status]).toEqual([url, 403])
      expect(await answer.text()).toMatch(/would publish the manifest itself.*Import it/)
    }
    expect(errors.filter(text => text.includes('"/site.image.yaml?url"'))).toHaveLength(1)

    for (const url of ['/site.image.yaml?import&url', '/site.image.yaml?import&inline']) {
      expect(await (await get(url)).text()).not.toContain('secret')
    }
    const module = await get('/site.image.yaml?import')
    expect(module.headers.get('content-type')).toContain('javascript')
    expect(await module.text()).not.toContain('secret')
    expect(await (await get('/site.image.yaml?import&raw')).text()).toContain('A secret lighthouse')
    expect(await (await get('/notes.image.yaml')).text()).toBe('notes: published on purpose')
  })

  test(`${name} refuses URLs in styles and pages where they stand`, async () => {
    const { vite, get } = await serve(load)
    await expect(vite.transformRequest('/leaking.css')).rejects.toThrow(
      /"\.\/site\.image\.yaml\?inline" in .*leaking\.css would publish/,
    )
    await expect(vite.transformIndexHtml('/leaking.html', FILES['leaking.html'])).rejects.toThrow(
      /"\.\/site\.image\.yaml" in .*leaking\.html would publish/,
    )
    expect((await vite.transformRequest('/good.css'))?.code).toContain('site.image.yaml')
    expect(await (await get('/leaking.html')).text()).not.toContain('secret')
  })
}
