import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import vue from '@vitejs/plugin-vue'
import sharp from 'sharp'
import type { InlineConfig } from 'vite'
import { describe, expect, test } from 'vitest'
import { emittedPictures, importBuilt } from './assert-image.ts'
import { type BuildRequest, buildWithVite, VITES } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1536x1152
    output: { formats: [webp, png], widths: [32, 64] }
  night:
    prompt: The same at night
    size: 1152x1152
  spare:
    prompt: Nobody names this one
    size: 576x576
  og:
    prompt: A social card
    size: 960x480
    output: { file: og/home.png }
`

const CSS = `.a { background: url(./site.image.yaml?image=hero) }
.b { background: image-set(url("./site.image.yaml?image=hero&format=webp&width=32") 1x, "site.image.yaml?image=hero&format=webp" 2x) }
.c { background: url('/src/site.image.yaml?image=og') }`

const PAGE = `<!doctype html><html><head>
<link rel="icon" href="./src/site.image.yaml?image=night">
<meta property="og:image" content="/src/site.image.yaml?image=og">
<style>body { background: url(./src/site.image.yaml?image=hero) }</style>
</head><body>
<picture><source srcset="/src/site.image.yaml?image=hero&amp;format=webp&amp;width=32 32w, src/site.image.yaml?image=hero&format=webp 64w">
<img src="/src/site.image.yaml?image=hero"></picture>
<script type="module" src="/main.js"></script>
</body></html>`

async function prepare(files: Readonly<Record<string, string>>) {
  const root = await writeSite({ 'src/site.image.yaml': MANIFEST, ...files })
  const pipeline = createTestPipeline()
  return { root, open: pipeline.open, pipeline }
}

/** Absolute paths of the files that a text of an output names by URL, and the pictures there. */
async function picturesIn(file: string, dist: string, base = '/') {
  const text = await readFile(file, 'utf8')
  const urls = text.match(/[\w./-]+\.(?:png|webp)/g) ?? []
  const pictures = await Promise.all(
    urls.map(async url => {
      const name =
        url.startsWith(base) && base !== './'
          ? path.join(dist, url.slice(base.length))
          : path.resolve(path.dirname(file), url)
      const { width, format } = await sharp(name).metadata()
      return `${width} ${format}`
    }),
  )
  return { text, urls, pictures }
}

async function findFile(dist: string, pattern: RegExp): Promise<string> {
  const files = await readdir(dist, { recursive: true })
  return path.join(dist, files.find(file => pattern.test(file)) ?? '')
}

describe.each(Object.entries(VITES))('%s', (_name, load) => {
  const buildSite = async (request: BuildRequest, config: InlineConfig = {}) => {
    await buildWithVite(load, request, config)
    return path.join(request.root, 'dist')
  }

  test.each(['/', '/sub/', './'])('style sheets below %s name pictures', async base => {
    const request = await prepare({
      'main.js': `import './src/a.css'
import { hero } from './src/site.image.yaml'
export default hero.src`,
      'src/a.css': CSS,
    })
    const dist = await buildSite(request, { base })
    const css = await findFile(dist, /\.css$/)
    const { pictures, text } = await picturesIn(css, dist, base)
    expect(pictures).toEqual(['64 png', '32 webp', '64 webp', '40 png'])
    expect(text).not.toMatch(/imagegen|yaml|data:/)
    // The import shares the file, and nobody names the spare one.
    expect(await emittedPictures(dist)).toEqual([
      'hero-32w.png',
      'hero-32w.webp',
      'hero-64w.png',
      'hero-64w.webp',
      'home.png',
    ])
  })

  test.each(['/', '/sub/', './'])('pages below %s name pictures', async base => {
    const request = await prepare({
      'main.js': `import './src/a.css'`,
      'src/a.css': CSS,
      'deep/page.html': PAGE.replaceAll('./src', '../src').replaceAll(', src', ', ../src'),
    })
    const dist = await buildSite(request, {
      base,
      build: { rollupOptions: { input: path.join(request.root, 'deep/page.html') } },
    })
    const { pictures, text } = await picturesIn(path.join(dist, 'deep/page.html'), dist, base)
    expect(pictures.slice(0, 2)).toEqual(['48 png', '40 png'])
    expect(pictures.sort()).toEqual(['32 webp', '40 png', '48 png', '64 png', '64 png', '64 webp'])
    expect(text).not.toMatch(/imagegen|yaml/)
  })

  test.each(['/', './'])('scripts below %s name pictures', async base => {
    const request = await prepare({
      'main.js': `import hero from './src/site.image.yaml?image=hero&src'
import spare from './src/site.image.yaml?image=spare&src'
import og from './src/site.image.yaml?image=og&src'
import './src/a.css'
export const urls = [hero, og, new URL('./src/site.image.yaml?image=hero&format=webp', import.meta.url).href, new URL('./src/site.image.yaml?image=og', import.meta.url).href]`,
      'src/a.css': CSS,
    })
    const dist = await buildSite(request, { base })
    const { urls } = (await importBuilt(path.join(dist, 'main.js'))) as { urls: string[] }
    const names = urls.map(url => path.basename(url).replace(/-[\w-]{8}(?=\.)/, ''))
    expect(names).toEqual(['hero-64w.png', 'home.png', 'hero-64w.webp', 'home.png'])
    expect(await emittedPictures(dist)).toEqual([
      'hero-32w.webp',
      'hero-64w.png',
      'hero-64w.webp',
      'home.png',
    ])
  })

  test('CSS modules, text of CSS, one style sheet for all, and inlining name files as well', async () => {
    const request = await prepare({
      'main.js': `import text from './src/b.css?inline'
export { a } from './src/a.module.css'
export default text`,
      'src/a.module.css': CSS,
      'src/b.css': '.b { background: url(./site.image.yaml?image=night) }',
    })
    const dist = await buildSite(request, {
      base: '/sub/',
      build: { cssCodeSplit: false, assetsInlineLimit: 1_000_000, minify: true },
    })
    const { pictures } = await picturesIn(await findFile(dist, /\.css$/), dist, '/sub/')
    // A minifier may repeat `image-set()` under an older name.
    expect(new Set(pictures)).toEqual(new Set(['64 png', '32 webp', '64 webp', '40 png']))
    const built = await importBuilt(path.join(dist, 'main.js'))
    expect(built.default).toMatch(/url\(\/sub\/assets\/night-48w-[\w-]{8}\.png\)/)
  })

  test('names and URLs are the project’s own', async () => {
    const request = await prepare({ 'main.js': `import './src/a.css'`, 'src/a.css': CSS })
    const dist = await buildSite(request, {
      experimental: {
        renderBuiltUrl: (name, { hostType }) => `https://cdn.test/${hostType}/${name}`,
      },
      build: { rollupOptions: { output: { assetFileNames: 'files/[hash:6]/[name][extname]' } } },
    })
    const text = await readFile(await findFile(dist, /\.css$/), 'utf8')
    expect(text).toMatch(/https:\/\/cdn\.test\/css\/files\/[\w-]{6}\/hero-64w\.png/)
    expect(text).toContain('https://cdn.test/css/og/home.png')
  })

  test.each([
    [
      '?image=heroo',
      'src/a.css:2:23 src/site.image.yaml has no image "heroo". Did you mean `hero`?',
    ],
    [
      '?image=hero&w=32',
      'src/a.css:2:23 The query has no parameter "w". Possible here: `image`, `format`, `width`, `src`.',
    ],
    [
      '?image=hero&widht=32',
      'src/a.css:2:23 The query has no parameter "widht". Did you mean `width`?',
    ],
    [
      '?image=hero&format=web',
      'src/a.css:2:23 The image "hero" has no file in the format "web". Did you mean `webp`?',
    ],
    [
      '?image=hero&width=33',
      'src/a.css:2:23 The image "hero" has no file that is 33 pixels wide. Possible here: 32, 64.',
    ],
    [
      '?image=night&width=33',
      'src/a.css:2:23 The image "night" has no file that is 33 pixels wide. List the width in `output.widths`',
    ],
    ['?image=hero&width=1e3', 'src/a.css:2:23 "1e3" is not a width. Write a number of pixels.'],
    ['?image=hero&image=og', 'src/a.css:2:23 The parameter "image" is given twice.'],
    ['?image=hero&url', 'src/a.css:2:23 The query has no parameter "url".'],
    ['', 'would publish the manifest itself'],
  ])('a style sheet with %s', async (query, message) => {
    const request = await prepare({
      'main.js': `import './src/a.css'`,
      'src/a.css': `.a { color: red }\n.b { background: url("./site.image.yaml${query}") }`,
    })
    await expect(buildSite(request)).rejects.toThrow(message)
    expect(request.pipeline.opened).toBeLessThan(2)
  })

  test('faults of pages and scripts are told with their places, before anything is requested', async () => {
    const page = await prepare({
      'index.html': '<!doctype html>\n<img src="./src/site.image.yaml?image=heroo">',
    })
    const input = path.join(page.root, 'index.html')
    await expect(buildSite(page, { build: { rollupOptions: { input } } })).rejects.toThrow(
      'index.html:2:11 src/site.image.yaml has no image "heroo". Did you mean `hero`?',
    )
    const call = await prepare({
      'main.js': `\nexport default new URL('./src/site.image.yaml?image=heroo', import.meta.url)`,
    })
    await expect(buildSite(call)).rejects.toThrow(
      'main.js:2:25 src/site.image.yaml has no image "heroo".',
    )
    const imported = await prepare({
      'main.js': `\nexport { default } from './src/site.image.yaml?image=hero&src&format=gif'`,
    })
    await expect(buildSite(imported)).rejects.toThrow(
      'main.js:2:26 The image "hero" has no file in the format "gif".',
    )
    const missing = await prepare({
      'main.js': `import './a.css'`,
      'a.css': '.a { background: url(site.image.yaml?image=hero) }',
    })
    await expect(buildSite(missing)).rejects.toThrow(
      'a.css:1:22 The file site.image.yaml does not exist.',
    )
  })

  test('what a style sheet names is missing like what a script imports', async () => {
    const request = await prepare({ 'main.js': `import './src/a.css'`, 'src/a.css': CSS })
    const options = { mode: 'frozen' } as const
    await expect(buildSite({ ...request, options })).rejects.toThrow(
      /src\/site\.image\.yaml[\s\S]*hero[\s\S]*imagegen generate/,
    )
  })

  test('each of two instances takes what it selects', async () => {
    const request = await prepare({
      'main.js': `import './src/a.css'
export { default } from './other/b.image.yaml?image=b&src'
export const url = new URL('./other/b.image.yaml?image=b', import.meta.url).href`,
      'src/a.css': `.a { background: url(./site.image.yaml?image=hero) }
.b { background: url(../other/b.image.yaml?image=b) }`,
      'other/b.image.yaml': 'prompt: Another one\nsize: 576x576\n',
    })
    const more = [{ open: createTestPipeline().open, options: { include: ['other/*'] } }]
    const options = { include: ['src/*.yaml'] }
    const dist = await buildSite({ ...request, options, more }, { base: './' })
    const { pictures } = await picturesIn(await findFile(dist, /\.css$/), dist, './')
    expect(pictures).toEqual(['64 png', '24 png'])
    const built = await importBuilt(path.join(dist, 'main.js'))
    expect(built.default).toBe(built.url)
  })
})

test('components of Vue name pictures in template, script and style', async () => {
  const request = await prepare({
    'main.js': `export { default } from './src/App.vue'`,
    'src/App.vue': `<script setup>
const url = new URL('./site.image.yaml?image=hero&format=webp', import.meta.url).href
</script>
<template><img src="./site.image.yaml?image=night" :alt="url"></template>
<style scoped>img { background: url(./site.image.yaml?image=hero&width=32) }</style>`,
  })
  const config = { build: { rollupOptions: { external: ['vue'] } } }
  await buildWithVite(() => import('vite'), request, config, [vue()])
  const dist = path.join(request.root, 'dist')
  const files = (await emittedPictures(dist)).join()
  expect(files).toBe('hero-32w.png,hero-64w.webp,night-48w.png')
  expect(await readFile(path.join(dist, 'main.js'), 'utf8')).toMatch(
    /"\/assets\/night-48w-\S+\.png"/,
  )
})
