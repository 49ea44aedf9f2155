import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Compiler } from 'webpack'
import WebpackDevServer from 'webpack-dev-server'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, type DevSite } from './dev-site.ts'

const executable = findChromium()

const FILES = {
  'main.js': `import './a.css'
const img = document.querySelector('#url') ?? Object.assign(new Image(), { id: 'url' })
img.src = new URL('./site.image.yaml?image=hero&format=webp&width=48', import.meta.url)
document.body.append(img)
if (import.meta.webpackHot) import.meta.webpackHot.accept()`,
  'a.css': 'body { background: url(./site.image.yaml?image=hero) }',
  'site.image.yaml': `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    output: { formats: [webp, jpeg], widths: [48, 96] }
`,
}

const PAGE = `<!doctype html><link rel="stylesheet" href="/main.css"><body>
<input id="typed"><script src="/main.js"></script>`

const config = ({ root }: DevSite) => ({
  context: root,
  mode: 'development' as const,
  entry: './main.js',
  output: { path: path.join(root, 'dist'), filename: 'main.js', publicPath: '/' },
  stats: 'none' as const,
  infrastructureLogging: { level: 'none' as const },
})

const COMPILERS: Readonly<Record<string, (site: DevSite) => Promise<Compiler>>> = {
  async webpack(site) {
    const { default: webpack } = await import('webpack')
    return webpack({
      ...config(site),
      experiments: { css: true },
      plugins: [site.plugin.webpack({ onSizeMismatch: 'ignore' })],
    }) as Compiler
  },
  async rspack(site) {
    const { rspack } = await import('@rspack/core')
    return rspack({
      ...config(site),
      module: { rules: [{ test: /\.css$/, type: 'css/auto' }] },
      plugins: [site.plugin.rspack({ onSizeMismatch: 'ignore' })],
      // What the server calls of a compiler is the same in both.
    }) as unknown as Compiler
  },
}

async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}

describe.skipIf(!executable)('pictures named by URL in webpack (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each(Object.entries(COMPILERS))(
    '%s: drafts first, then pictures by hot updates',
    async (_name, compile) => {
      const site = await createSite(FILES, { delay: 4_000 })
      const server = new WebpackDevServer(
        {
          host: '127.0.0.1',
          // The server's own search for one finds the same for two tests at once.
          port: await findPort(),
          client: { logging: 'none' },
          static: false,
          setupMiddlewares: middlewares => [
            ...middlewares,
            {
              name: 'page',
              middleware(
                { url }: { url?: string },
                response: { end(text: string): void },
                next: () => void,
              ) {
                if (url === '/') response.end(PAGE)
                else next()
              },
            },
          ],
        },
        await compile(site),
      )
      await server.start()
      onTestFinished(() => server.stop())
      const address = server.server?.address()
      const port = typeof address === 'object' ? address?.port : 0
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.fill('#typed', 'kept')
      const src = () => page.getAttribute('#url', 'src')
      const background = () => page.evaluate('getComputedStyle(document.body).backgroundImage')
      expect(await src()).toMatch(/\.svg$/)
      expect(await background()).toMatch(/\.svg"\)$/)
      await expect.poll(src, { timeout: 15_000 }).toMatch(/48w-\w+\.webp$/)
      await expect.poll(background, { timeout: 15_000 }).toMatch(/96w-\w+\.jpg"\)$/)
      const width = await page.evaluate(
        `document.querySelector('#url').decode().then(() => document.querySelector('#url').naturalWidth)`,
      )
      expect(width).toBe(48)
      expect(await page.inputValue('#typed')).toBe('kept')
      expect(site.api.billed).toBe(1)
    },
  )
})
