import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { emittedPictures, importBuilt } from './assert-image.ts'
import {
  BUNDLERS,
  type BuildRequest,
  rspackConfig,
  runCompiler,
  unpluginOf,
  webpackConfig,
} from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1152
    output: { formats: [webp, png], widths: [32, 64] }
  spare:
    prompt: Nobody names this one
    size: 576x576
  og:
    prompt: A social card
    size: 960x480
    output: { file: og/home.png }
`

const CSS = `.a { background: url(./site.image.yaml?image=hero) }
.b { background: image-set(url("./site.image.yaml?image=hero&format=webp&width=32") 1x, url("site.image.yaml?image=hero&format=webp") 2x) }
.c { background: url('./site.image.yaml?image=og') }`

async function prepare(files: Readonly<Record<string, string>>) {
  const root = await writeSite({ 'src/site.image.yaml': MANIFEST, ...files })
  return { root, open: createTestPipeline().open }
}

/** A host that bundles style sheets by itself, and takes a public path. */
type BuildStyles = (request: BuildRequest, publicPath: string | undefined) => Promise<unknown>

const STYLES: Readonly<Record<string, BuildStyles>> = {
  async webpack(request, publicPath) {
    const { default: webpack } = await import('webpack')
    const config = await webpackConfig(request)
    const output = { ...config.output, ...(publicPath !== undefined && { publicPath }) }
    await runCompiler(
      webpack({ ...config, target: 'web', output, experiments: { outputModule: true, css: true } }),
    )
  },
  async rspack(request, publicPath) {
    const { rspack } = await import('@rspack/core')
    const config = rspackConfig(request)
    const output = { ...config.output, ...(publicPath !== undefined && { publicPath }) }
    const rules = [{ test: /\.css$/, type: 'css/auto' as const }]
    await runCompiler(rspack({ ...config, target: 'web', output, module: { rules } }))
  },
  async esbuild({ root, open }, publicPath) {
    const { build } = await import('esbuild')
    await build({
      absWorkingDir: root,
      entryPoints: ['main.js'],
      outdir: 'dist',
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      ...(publicPath !== undefined && { publicPath }),
      plugins: [unpluginOf(open).esbuild()],
    })
  },
}

async function readStyle(dist: string): Promise<{ file: string; text: string }> {
  const files = await readdir(dist, { recursive: true })
  const file = path.join(dist, files.find(name => name.endsWith('.css')) ?? '')
  return { file, text: await readFile(file, 'utf8') }
}

describe.each(Object.entries(STYLES))('%s', (name, build) => {
  test.each([undefined, '/static/'])('style sheets name pictures, below %s', async publicPath => {
    const request = await prepare({
      'main.js': `import './src/a.css'
import { hero } from './src/site.image.yaml'
console.log(hero.src)`,
      // Style sheets that others import, too.
      'src/a.css': `@import './b.css';\n${CSS}`,
      'src/b.css': '.d { background: url(site.image.yaml?image=hero) }',
    })
    await build(request, publicPath)
    const dist = path.join(request.root, 'dist')
    const { file, text } = await readStyle(dist)
    const urls = [...text.matchAll(/url\(["']?([^"')]+)/g)].map(([, url = '']) => url)
    const pictures = await Promise.all(
      urls.map(async url => {
        expect(url.startsWith(publicPath ?? '')).toBe(true)
        const picture = publicPath
          ? path.join(dist, url.slice(publicPath.length))
          : path.resolve(path.dirname(file), url)
        const { width, format } = await sharp(picture).metadata()
        return `${width} ${format}`
      }),
    )
    // Minifiers merge rules.
    expect(new Set(pictures)).toEqual(new Set(['64 png', '32 webp', '64 webp', '40 png']))
    expect(text).not.toMatch(/yaml|data:/)
    // esbuild gives style sheets no fixed names.
    const cards = name === 'esbuild' ? ['home.png', 'og-40w.png'] : ['home.png']
    const names = new Set(await emittedPictures(dist))
    expect([...names]).toEqual([
      'hero-32w.png',
      'hero-32w.webp',
      'hero-64w.png',
      'hero-64w.webp',
      ...cards,
    ])
  })

  test.each([
    [
      'image=heroo',
      'src/a.css:1:22 src/site.image.yaml has no image "heroo". Did you mean `hero`?',
    ],
    [
      'image=hero&widht=3',
      'src/a.css:1:22 The query has no parameter "widht". Did you mean `width`?',
    ],
  ])('a style sheet with ?%s', async (query, message) => {
    const request = await prepare({
      'main.js': `import './src/a.css'`,
      'src/a.css': `.a { background: url(./site.image.yaml?${query}) }`,
    })
    const error: Error = await build(request, undefined).then(
      () => new Error('It was built.'),
      thrown => thrown,
    )
    const [, place, text] = /^(\S+) (.*)$/.exec(message) ?? []
    expect(error.message).toContain(text)
    // esbuild writes places in its own way.
    expect(error.message).toContain(name === 'esbuild' ? 'src/a.css:1:21' : place)
  })
})

const WITH_URLS: ReadonlySet<string> = new Set(['webpack', 'rspack'])

describe.each(BUNDLERS.filter(({ name }) => !name.startsWith('vite')))('$name', bundler => {
  test('imports of one URL', async () => {
    const request = await prepare({
      'main.js': `import hero from './src/site.image.yaml?image=hero&src'
import small from './src/site.image.yaml?image=hero&format=webp&width=32&src'
import spare from './src/site.image.yaml?image=spare&src'
import og from './src/site.image.yaml?image=og&src'
import { hero as asset } from './src/site.image.yaml'
export const urls = [hero, small, og]
export const src = asset.src`,
    })
    const { urls, src } = (await importBuilt(await bundler.build(request))) as {
      urls: string[]
      src: string
    }
    expect(urls.map(url => path.basename(url).replace(/-[\w-]{8}(?=\.)/, ''))).toEqual([
      'hero-64w.png',
      'hero-32w.webp',
      'home.png',
    ])
    expect(urls[0]).toBe(src)
    expect(new Set(await emittedPictures(path.join(request.root, 'dist')))).toEqual(
      new Set(['hero-32w.png', 'hero-32w.webp', 'hero-64w.png', 'hero-64w.webp', 'home.png']),
    )
  })

  test('an import of one URL with a wrong name', async () => {
    const request = await prepare({
      'main.js': `export { default } from './src/site.image.yaml?image=heroo&src'`,
    })
    await expect(bundler.build(request)).rejects.toThrow(
      /src\/site\.image\.yaml has no image \\?"heroo\\?"\. Did you mean `hero`\?/,
    )
  })

  test.runIf(WITH_URLS.has(bundler.name))('new URL()', async () => {
    const request = await prepare({
      'main.js': `export default new URL('./src/site.image.yaml?image=hero', import.meta.url).href`,
    })
    const built = await importBuilt(await bundler.build(request))
    const { width } = await sharp(fileURLToPath(String(built.default))).metadata()
    expect(width).toBe(64)
    expect(await emittedPictures(path.join(request.root, 'dist'))).toEqual(['hero-64w.png'])
  })
})
