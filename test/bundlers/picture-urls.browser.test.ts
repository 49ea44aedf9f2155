import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findChromium, launchChromium } from '../support/browser.ts'
import {
  type BuildRequest,
  buildWithVite,
  rspackConfig,
  runCompiler,
  unpluginOf,
  VITES,
  webpackConfig,
} from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const executable = findChromium()

const FILES = {
  'src/site.image.yaml': `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1152
    output: { formats: [webp, png], widths: [32, 64] }
`,
  'main.js': `import './src/a.css'
import src from './src/site.image.yaml?image=hero&format=webp&width=32&src'
document.querySelector('#src').src = src`,
  'src/a.css': '#style { background: url(./site.image.yaml?image=hero) }',
}

const BODY = '<div id="style"></div><img id="src">'

const SCRIPTED = `<!doctype html><link rel="stylesheet" href="./main.css">${BODY}
<script type="module" src="./main.js"></script>`

/** Builds a page with its style sheet into `dist`. */
const HOSTS: Readonly<Record<string, (request: BuildRequest) => Promise<void>>> = {
  ...Object.fromEntries(
    Object.entries(VITES).map(([name, load]) => [
      name,
      async (request: BuildRequest) => {
        const page = path.join(request.root, 'index.html')
        const own = `<img id="page" src="./src/site.image.yaml?image=hero">`
        await writeFile(
          page,
          `<!doctype html>${BODY}${own}<script type="module" src="./main.js"></script>`,
        )
        const config = { build: { rollupOptions: { input: page } }, base: './' }
        await buildWithVite(load, request, config)
      },
    ]),
  ),
  async webpack(request) {
    const { default: webpack } = await import('webpack')
    const config = await webpackConfig(request)
    const experiments = { outputModule: true, css: true }
    await runCompiler(webpack({ ...config, target: 'web', experiments }))
    await writeFile(path.join(request.root, 'dist/index.html'), SCRIPTED)
  },
  async rspack(request) {
    const { rspack } = await import('@rspack/core')
    const rules = [{ test: /\.css$/, type: 'css/auto' as const }]
    await runCompiler(rspack({ ...rspackConfig(request), target: 'web', module: { rules } }))
    await writeFile(path.join(request.root, 'dist/index.html'), SCRIPTED)
  },
  async esbuild({ root, open }) {
    const { build } = await import('esbuild')
    await build({
      absWorkingDir: root,
      entryPoints: ['main.js'],
      outdir: 'dist',
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      plugins: [unpluginOf(open).esbuild()],
    })
    await writeFile(path.join(root, 'dist/index.html'), SCRIPTED)
  },
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.webp': 'image/webp',
}

/** Serves a folder below a path of its own, for as long as the test runs. */
async function serveFolder(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/deep/', '')
    readFile(path.join(folder, name)).then(
      bytes => {
        response.setHeader('Content-Type', TYPES[path.extname(name)] ?? 'text/plain')
        response.end(bytes)
      },
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/deep/`
}

describe.skipIf(!executable)('built pictures by URL (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each(Object.entries(HOSTS))('%s: the page shows them', async (name, build) => {
    const root = await writeSite(FILES)
    await build({ root, open: createTestPipeline().open })
    const page = await browser.newPage()
    await page.goto(`${await serveFolder(path.join(root, 'dist'))}index.html`)
    const widths = await page.evaluate(`(async () => {
      const found = {}
      for (const element of document.querySelectorAll('[id]')) {
        const style = /url\\("([^"]+)"\\)/.exec(getComputedStyle(element).backgroundImage)?.[1]
        const image = Object.assign(new Image(), { src: style ?? element.src })
        await image.decode()
        found[element.id] = image.naturalWidth
      }
      return found
    })()`)
    expect(widths).toEqual({ style: 64, src: 32, ...(name.startsWith('vite') && { page: 64 }) })
  })
})
