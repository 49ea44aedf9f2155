import { cp, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ImageAsset } from '../../src/api.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { createProject, type Project, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { FILES } from './sample-export.ts'

/** A way to build a site from files, as sites without our plugin do. */
interface Layout {
  readonly name: string
  /** Arguments of `imagegen export`. */
  readonly args: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  /** Builds what is not built per request. @returns the folder that is served, relative to the root */
  build(project: Project): Promise<string>
  /** A page that is made per request. */
  page?(project: Project): Promise<string>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
}

type Data = Readonly<Record<string, Readonly<Record<string, ImageAsset>>>>

async function dataOf({ root }: Project, file: string): Promise<Data> {
  return JSON.parse(await readFile(path.join(root, file), 'utf8'))
}

/** What a template of Hugo or ERB would write. */
function renderHero({ site }: Data): string {
  const { src, srcset, width, height, alt, sources = [] } = site?.hero ?? expect.unreachable()
  const text = alt?.replaceAll('<', '&lt;')
  const lines = sources.map(source => `<source type="${source.type}" srcset="${source.srcset}">`)
  return `<picture>${lines.join('')}<img src="${src}" srcset="${srcset}" width="${width}" height="${height}" alt="${text}"></picture>`
}

const LAYOUTS: readonly Layout[] = [
  {
    name: 'plain HTML with a module',
    args: ['--out', 'site/img', '--public-path', './img/', '--module', 'site/images.js'],
    files: {
      'site/index.html': `<!doctype html><body><script type="module">
import { site } from './images.js'
for (const { src, srcset, alt } of Object.values(site)) {
  document.body.append(Object.assign(new Image(), { src, srcset: srcset ?? '', alt: alt ?? '' }))
}
</script>`,
    },
    build: async () => 'site',
  },
  {
    name: 'plain HTML with ready markup',
    args: ['--out', 'site/img', '--public-path', '/img/', '--html'],
    build: async () => 'site',
    async page({ root }) {
      const names = ['site/hero', 'site/hero-night', 'logo']
      const files = names.map(name => path.join(root, `site/img/${name}.html`))
      const markup = await Promise.all(files.map(file => readFile(file, 'utf8')))
      return `<!doctype html><body>${markup.join('')}`
    },
  },
  {
    name: 'Hugo: static folder and data file',
    args: ['--out', 'static/img', '--public-path', '/img/', '--data', 'data/images.json'],
    files: { 'static/own.txt': 'mine' },
    async build(project) {
      await cp(path.join(project.root, 'static'), path.join(project.root, 'public'), {
        recursive: true,
      })
      const page = renderHero(await dataOf(project, 'data/images.json'))
      await project.write({ 'public/index.html': `<!doctype html><body>${page}` })
      return 'public'
    },
  },
  {
    name: 'Rails: public folder, and a page for each request',
    args: ['--out', 'public/img', '--public-path', '/img/', '--data', 'config/images.json'],
    files: { 'public/robots.txt': '', 'public/404.html': '<!doctype html>' },
    build: async () => 'public',
    page: async project =>
      `<!doctype html><body>${renderHero(await dataOf(project, 'config/images.json'))}`,
  },
  {
    name: 'Next.js: fixed names beside what is in the public folder',
    args: ['--out', 'public'],
    files: {
      'public/favicon.ico': 'mine',
      'public/index.html': '<!doctype html><body><img src="/og/home%20card.png">',
    },
    build: async () => 'public',
  },
]

async function serve(folder: string, page?: () => Promise<string>): Promise<string> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const name = pathname === '/' ? '/index.html' : decodeURIComponent(pathname)
    const isPage = page && name === '/index.html'
    const reading = isPage ? page() : readFile(path.join(folder, name))
    const content = await reading.catch(() => undefined)
    response.writeHead(content === undefined ? 404 : 200, {
      'content-type': TYPES[path.extname(name)] ?? 'text/plain',
    })
    response.end(content)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const executable = findChromium()

describe.skipIf(executable === undefined)('a site without a bundler', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium(executable ?? '')
  })
  afterAll(() => browser?.close())

  test.each(LAYOUTS)('$name', async ({ args, files = {}, build, page }) => {
    const api = await startApi()
    const project = await createProject({ ...FILES, ...files })
    const env = { LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: api.url }
    const { code, stderr } = await runMain(['export', ...args], project.root, env)
    expect(code, stderr).toBe(0)
    const folder = path.join(project.root, await build(project))
    const url = await serve(folder, page && (() => page(project)))

    const tab = await browser.newPage()
    onTestFinished(() => tab.close())
    const problems: string[] = []
    tab.on('response', response => {
      if (response.status() >= 400 && !response.url().endsWith('/favicon.ico')) {
        problems.push(response.url())
      }
    })
    tab.on('pageerror', error => problems.push(error.message))
    await tab.goto(url)
    const images = tab.locator('img')
    await images.first().waitFor({ state: 'attached' })
    await tab.evaluate(() => {
      for (const img of document.images) img.loading = 'eager'
    })
    await tab.waitForFunction(() => [...document.images].every(img => img.naturalWidth > 0))
    expect(problems).toEqual([])
    const isHero = args.includes('--data') || args.includes('--html')
    if (isHero) {
      const shown = await images.first().evaluate(img => (img as HTMLImageElement).currentSrc)
      expect(shown).toMatch(/\/img\/hero-\d+w-[0-9a-f]{8}\.webp$/)
      expect(await images.first().getAttribute('alt')).toBe('A lamp </script>')
    }
    for (const [name, content] of Object.entries(files)) {
      expect(await readFile(path.join(project.root, name), 'utf8')).toBe(content)
    }
  })
})
