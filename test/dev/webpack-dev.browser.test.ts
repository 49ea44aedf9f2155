import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Compiler } from 'webpack'
import WebpackDevServer from 'webpack-dev-server'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createSite, type DevSite } from './dev-site.ts'

const executable = findChromium()

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1024
    output: { formats: [webp, jpeg], widths: [48, 96] }
`

const FILES = {
  'main.js': `import { hero } from './site.image.yaml'
const input = Object.assign(document.createElement('input'), { id: 'typed' })
const img = Object.assign(new Image(), { id: 'hero', src: hero.src, srcset: hero.srcset })
document.body.append(input, img)
Object.assign(window, { hero })`,
  'site.image.yaml': MANIFEST,
}

type Compile = (site: DevSite) => Promise<Compiler>

const config = ({ root }: DevSite) => ({
  context: root,
  mode: 'development' as const,
  entry: './main.js',
  output: { path: path.join(root, 'dist'), filename: 'main.js', publicPath: '/' },
  stats: 'none' as const,
  infrastructureLogging: { level: 'none' as const },
})

const COMPILERS: Readonly<Record<string, Compile>> = {
  async webpack(site) {
    const { default: webpack } = await import('webpack')
    return webpack({
      ...config(site),
      plugins: [site.plugin.webpack({ onSizeMismatch: 'ignore' })],
    }) as Compiler
  },
  async rspack(site) {
    const { rspack } = await import('@rspack/core')
    return rspack({
      ...config(site),
      plugins: [
        new rspack.HotModuleReplacementPlugin(),
        site.plugin.rspack({ onSizeMismatch: 'ignore' }),
      ],
      // What the server calls of a compiler is the same in both.
    }) as unknown as Compiler
  },
}

describe.skipIf(!executable)('hot updates of webpack (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each(Object.entries(COMPILERS))(
    '%s: drafts first, then pictures in place',
    async (_name, compile) => {
      const site = await createSite(FILES, { delay: 4_000 })
      const server = new WebpackDevServer(
        {
          host: '127.0.0.1',
          port: 'auto',
          client: { logging: 'none' },
          static: false,
          setupMiddlewares: middlewares => [
            ...middlewares,
            {
              name: 'page',
              middleware(
                request: { url?: string },
                response: { end(text: string): void },
                next: () => void,
              ) {
                if (request.url === '/')
                  response.end('<!doctype html><body><script src="/main.js"></script>')
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
      const page: Page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      await page.fill('#typed', 'kept')
      const src = () => page.locator('#hero').getAttribute('src')
      expect(await src()).toMatch(/\.svg$/)
      await expect.poll(src, { timeout: 15_000 }).toMatch(/96w-\w+\.jpg$/)
      const first = await src()
      const answer = await page.request.get(`http://127.0.0.1:${port}${first}`)
      expect(answer.headers()['content-type']).toBe('image/jpeg')
      expect(await page.evaluate('hero.src')).toBe(first)

      await writeFile(path.join(site.root, 'site.image.yaml'), MANIFEST.replace('cliff', 'rock'))
      await expect.poll(() => site.api.count, { timeout: 15_000 }).toBe(2)
      expect(await src()).toBe(first)
      await expect.poll(src, { timeout: 15_000 }).not.toBe(first)
      expect(await src()).toMatch(/\.jpg$/)
      expect(await page.inputValue('#typed')).toBe('kept')

      const at = (name: string) => path.join(site.root, name)
      const last = await src()
      const overlay = page.locator('#webpack-dev-server-client-overlay')
      await rename(at('site.image.yaml'), at('banner.image.yaml'))
      await overlay.waitFor({ state: 'attached' })
      await writeFile(at('main.js'), FILES['main.js'].replace('./site.', './banner.'))
      await expect.poll(src, { timeout: 15_000 }).not.toBe(last)
      await expect.poll(src, { timeout: 15_000 }).toMatch(/\.jpg$/)
      expect(await overlay.count()).toBe(0)
      expect(site.api.billed).toBe(2)
    },
  )
})
