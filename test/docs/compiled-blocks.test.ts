import { readFile } from 'node:fs/promises'
import path from 'node:path'
import vuePlugin from '@vitejs/plugin-vue'
import { transform } from 'esbuild'
import type { Component } from 'svelte'
import { compile } from 'svelte/compiler'
import { render as renderSvelte } from 'svelte/server'
import { build, type Plugin } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { VuePicture } from '../../src/picture/frameworks/vue-picture.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { unpluginOf } from '../bundlers/bundlers.ts'
import { filesBelow, makeDependentFolder, removeFolder, writeFiles } from '../support/folder.ts'
import { readBlocks } from './read-blocks.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

/** Every picture that a block names. */
const MANIFEST = `defaults:
  size: 1536x1024
  alt: A lighthouse
  output: { formats: [avif, webp, jpeg], widths: [640, 1280] }
images:
  hero: { prompt: A lighthouse }
  hero-night: { prompt: The same at night }
  card: { prompt: A card }
  icon: { prompt: An icon, size: 1024x1024, output: { formats: [png], widths: [64] } }
  og: { prompt: A card, output: { formats: [jpeg], widths: [1200] } }
`

const blocks = await readBlocks()
const blocksOf = (language: string) =>
  blocks
    .filter(block => block.language === language)
    .map(({ place, text }) => ({ place, name: place.replace(/\W+/g, '-'), text }))

let root: string
beforeAll(async () => {
  root = await makeDependentFolder()
  await writeFiles(root, {
    'package.json': '{ "name": "site", "type": "module" }',
    'imagegen.config.json': '{ "mode": "draft", "types": false }',
    'site.image.yaml': MANIFEST,
    'src/site.image.yaml': MANIFEST,
  })
})
afterAll(() => removeFolder(root))

const open: OpenPipeline = (options, start, host) =>
  openForPlugin(options, { ...start, readVariable: () => undefined }, host)

/** What the package exports to pages, as its sources have it. */
const alias = [
  {
    find: /^unplugin-imagegen\/(vue|svelte)$/,
    replacement: `${REPOSITORY}/src/$1.ts`,
  },
  { find: /^~\//, replacement: '/' },
]

/** Vite's plugin for Svelte, as far as a build of one component needs it. */
const sveltePlugin: Plugin = {
  name: 'svelte',
  transform(code, id) {
    if (!id.endsWith('.svelte')) return null
    return compile(code, { filename: id, generate: 'server' }).js.code
  },
}

/** Builds a page's block for a server, and imports what it exports by default. */
async function componentOf(file: string, text: string): Promise<object> {
  await writeFiles(root, { [file]: text })
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    plugins: [unpluginOf(open).vite(), vuePlugin(), sveltePlugin],
    build: { ssr: file, outDir: `dist/${file}`, minify: false },
    ssr: { noExternal: [/unplugin-imagegen/] },
  })
  const [entry = ''] = (await filesBelow(path.join(root, 'dist', file))).filter(name =>
    name.endsWith('js'),
  )
  return (await import(path.join(root, 'dist', file, entry))).default
}

test('there is something of each kind', () => {
  for (const language of ['vue', 'svelte', 'astro', 'css', 'html']) {
    expect(blocksOf(language), language).not.toEqual([])
  }
})

describe('components', () => {
  test.each(blocksOf('vue'))('of Vue at $place show what they say', async ({ name, text }) => {
    const heads: object[] = []
    Object.assign(globalThis, { useHead: (head: object) => heads.push(head) })
    // A block of a page in Markdown is its template.
    const [, script = text, rest = ''] = /^([\s\S]*<\/script>)([\s\S]*)$/.exec(text) ?? []
    const isWhole = rest.includes('<template>')
    const whole = isWhole ? text : `${script}\n<template><main>${rest}</main></template>\n`
    const component = await componentOf(`${name}.vue`, whole)
    const html = await renderToString(
      createSSRApp(component).component('ImagegenPicture', VuePicture),
    )
    if (/<\w*Picture/.test(text)) expect(html).toMatch(/<picture.*<img[^>]+src="/s)
    else expect(JSON.stringify(heads)).toMatch(/"content":"[^"]+card[^"]*\.jpe?g"/)
  })

  test.each(blocksOf('svelte'))(
    'of Svelte at $place show what they say',
    async ({ name, text }) => {
      const component = await componentOf(`${name}.svelte`, text)
      const { body } = renderSvelte(component as Component, { props: {} })
      expect(body).toMatch(/<picture.*<img[^>]+src="/s)
    },
  )

  test.each(blocksOf('astro'))('of Astro at $place have sound code', async ({ text }) => {
    const [, front = '', markup = ''] = /^---\n([\s\S]*?)^---\n([\s\S]*)$/m.exec(text) ?? []
    // Astro's markup is TSX but for what the blocks do not use.
    const code = `${front}\nexport default <>${markup}</>`
    await expect(transform(code, { loader: 'tsx', jsx: 'preserve' })).resolves.toMatchObject({
      warnings: [],
    })
    expect(front).toContain("from 'unplugin-imagegen/astro/Picture.astro'")
  })
})

/** Builds a page of the project, and gives all that was written as text. */
async function buildPage(name: string, html: string): Promise<string> {
  await writeFiles(root, { [`${name}.html`]: html })
  const outDir = `dist/${name}`
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [unpluginOf(open).vite()],
    build: {
      outDir,
      assetsInlineLimit: 0,
      rollupOptions: { input: path.join(root, `${name}.html`) },
    },
  })
  const files = await filesBelow(path.join(root, outDir))
  const texts = files.filter(file => /\.(?:html|css)$/.test(file))
  return (
    await Promise.all(texts.map(file => readFile(path.join(root, outDir, file), 'utf8')))
  ).join('\n')
}

test.each(blocksOf('css'))(
  'the style sheet at $place names pictures that are there',
  async ({ name, text }) => {
    await writeFiles(root, { [`${name}.css`]: text })
    const built = await buildPage(name, `<link rel="stylesheet" href="./${name}.css">`)
    const named = text.match(/site\.image\.yaml/g)?.length ?? 0
    expect(built.match(/url\(["']?\/assets\//g)).toHaveLength(named)
    expect(built).not.toContain('.image.yaml')
  },
)

test.each(blocksOf('html').filter(({ text }) => !text.includes('<script')))(
  'the page at $place names pictures that are there',
  async ({ name, text }) => {
    const built = await buildPage(name, `<!doctype html><html><head>${text}</head></html>`)
    expect(built.match(/"\/assets\/[^"]+"/g)).toHaveLength(
      text.match(/site\.image\.yaml/g)?.length ?? 0,
    )
    expect(built).not.toContain('.image.yaml')
  },
)

test.each(blocksOf('html').filter(({ text }) => text.includes('<script')))(
  'the script in the page at $place has sound code',
  async ({ text }) => {
    const [, code = ''] = /<script[^>]*>([\s\S]*)<\/script>/.exec(text) ?? []
    await expect(transform(code, { loader: 'js' })).resolves.toMatchObject({ warnings: [] })
  },
)
