import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PluginOption } from 'vite'
import { expect, test, vi } from 'vitest'
import {
  type AstroChanges,
  type AstroSetup,
  createAstroIntegration,
} from '../../src/frameworks/astro/astro-integration.ts'
import { type ImageService, wrapImageService } from '../../src/frameworks/astro/image-service.ts'
import {
  nameAsPicture,
  remarkPictures,
  withPictures,
} from '../../src/frameworks/astro/markdown-images.ts'
import { pictureProps, showPictures } from '../../src/frameworks/astro/pictures-in-markdown.ts'
import { imageModules } from '../../src/frameworks/image-modules.ts'
import { prepareAmbientTypes } from '../../src/frameworks/prepare-types.ts'
import { picture } from '../../src/picture/render-html.ts'
import { createProject } from '../support/project.ts'

const PLUGIN = { name: 'unplugin-imagegen' }
const createVitePlugin = () => PLUGIN

/** Calls the hook as Astro does. */
async function setUp({
  version = '5.18.2',
  config = {},
}: {
  version?: string
  config?: Partial<AstroSetup['config']>
}) {
  const { root } = await createProject({
    'node_modules/astro/package.json': JSON.stringify({ version }),
  })
  const warn = vi.fn()
  const changes: AstroChanges[] = []
  const integration = createAstroIntegration(undefined, { createVitePlugin, prepareAmbientTypes })
  integration.hooks['astro:config:setup']({
    config: {
      root: pathToFileURL(`${root}/`),
      integrations: [integration],
      vite: {},
      image: { service: { entrypoint: 'astro/assets/services/sharp' } },
      markdown: {},
      ...config,
    },
    logger: { warn },
    updateConfig: change => changes.push(change),
  })
  return { warn, changes }
}

test('adds the plugin, behind the modules of single images', async () => {
  const { changes, warn } = await setUp({})
  const names = changes.flatMap(({ vite }) => vite.plugins.map(nameOf))
  expect(names.at(-1)).toBe('unplugin-imagegen')
  expect(names).toContain('unplugin-imagegen:images')
  expect(warn).not.toHaveBeenCalled()
})

function nameOf(plugin: PluginOption): unknown {
  return Object(plugin).name
}

test('refuses an Astro that is too old, and warns of one that nobody tried', async () => {
  await expect(setUp({ version: '4.16.18' })).rejects.toThrow('this project has Astro 4.16.18')
  const { warn } = await setUp({ version: '9.0.0' })
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('this project has Astro 9.0.0'))
})

test('refuses to be set up twice', async () => {
  await expect(setUp({ config: { vite: { plugins: [[PLUGIN]] } } })).rejects.toThrow(
    'remove the one of unplugin-imagegen/vite',
  )
  await expect(setUp({ config: { integrations: [PLUGIN, PLUGIN] } })).rejects.toThrow(
    'stands twice among `integrations`',
  )
})

/** What Astro writes of the types that it is given, in its order. */
async function injectTypes(files: Readonly<Record<string, string>>) {
  const { root } = await createProject({ 'package.json': '{"name":"site"}', ...files })
  const injected = new Map<string, string>()
  const warn = vi.fn()
  const { hooks } = createAstroIntegration(undefined, { createVitePlugin, prepareAmbientTypes })
  await hooks['astro:config:done']({
    config: { root: pathToFileURL(`${root}/`) },
    logger: { warn },
    injectTypes({ filename, content }) {
      injected.set(filename, content)
      return pathToFileURL(path.join(root, filename))
    },
  })
  return { root, hooks, injected, warn }
}

const ONE = 'images:\n  hero-night: { prompt: A lamp, size: 1024x1024 }\n'

test('types every manifest: exactly by its file name, then loosely', async () => {
  const { injected } = await injectTypes({
    'src/site.image.yaml': ONE,
    'src/a/card.image.yaml': 'prompt: A card\nsize: 1024x1024\n',
    'src/b/card.image.yaml': 'prompt: B card\nsize: 1024x1024\n',
  })
  expect([...injected.keys()]).toEqual(['images.d.ts', 'imagegen.d.ts'])
  const exact = injected.get('images.d.ts')
  expect(exact).toContain('declare module "*/site.image.yaml" {')
  expect(exact).toContain('export const heroNight: {')
  // Which of the two an import means, a file name does not tell.
  expect(exact).not.toContain('card')
  expect(injected.get('imagegen.d.ts')).toContain('unplugin-imagegen/client')
})

test('keeps types up to date while the site is developed', async () => {
  const { root, hooks } = await injectTypes({ 'site.image.yaml': ONE })
  const listeners: ((event: string, file: string) => void)[] = []
  const watcher = { on: (_: 'all', listener: (typeof listeners)[0]) => listeners.push(listener) }
  hooks['astro:server:setup']({ server: { watcher } })
  const manifest = path.join(root, 'site.image.yaml')
  await writeFile(manifest, ONE.replace('hero-night', 'hero-day'))
  for (const listener of listeners) listener('change', manifest)
  const read = () => readFile(path.join(root, 'images.d.ts'), 'utf8').catch(() => '')
  await expect.poll(read).toContain('export const heroDay: {')
})

test('a project whose types cannot be made is still served, and told why', async () => {
  const { injected, warn } = await injectTypes({
    'imagegen.config.json': '{ "model": 1, "unheard": true }',
  })
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('Types of images were not written'))
  expect(injected.get('images.d.ts')).toBe('')
})

const HERO = {
  src: '/_astro/hero-64w.jpg',
  width: 64,
  height: 48,
  format: 'jpeg',
  type: 'image/jpeg',
  srcset: '/_astro/hero-32w.jpg 32w, /_astro/hero-64w.jpg 64w',
  sources: [
    { type: 'image/webp', srcset: '/_astro/hero-32w.webp 32w, /_astro/hero-64w.webp 64w' },
    { type: 'image/jpeg', srcset: '/_astro/hero-32w.jpg 32w, /_astro/hero-64w.jpg 64w' },
  ],
} as const

const theirs: Required<ImageService> = {
  validateOptions: (options: object) => options,
  getURL: () => '/_image?href=other',
  getSrcSet: () => [],
  getHTMLAttributes: () => ({ theirs: true }),
}

/** What `getImage()` of Astro does with a service. */
async function getImage(options: Readonly<Record<string, unknown>>) {
  const service = wrapImageService(theirs)
  const validated = Object(await service.validateOptions(options))
  const candidates = await service.getSrcSet(validated)
  return {
    validated,
    src: await service.getURL(validated),
    srcset: Array.from(Object(candidates), one => {
      const { transform, descriptor } = Object(one)
      return `${service.getURL(transform)} ${descriptor}`
    }),
    attributes: await service.getHTMLAttributes(validated),
  }
}

test('hands out an image of a manifest as it is: nothing is encoded again', async () => {
  const options = { src: HERO, alt: 'Hero', width: 64, height: 48, loading: 'lazy', quality: 3 }
  const { validated, src, srcset, attributes } = await getImage(options)
  expect(src).toBe(HERO.src)
  // Astro makes files of whatever is not a string that stays as it is.
  expect(validated.src).toBe(src)
  expect(srcset).toEqual(['/_astro/hero-32w.jpg 32w', '/_astro/hero-64w.jpg 64w'])
  expect(attributes).toEqual({ alt: 'Hero', width: 64, height: 48, loading: 'lazy' })
})

test('in the format that is asked for, where it is there', async () => {
  expect((await getImage({ src: HERO, format: 'webp' })).src).toBe('/_astro/hero-64w.webp')
  const { src, validated } = await getImage({ src: HERO, format: 'avif' })
  expect(src).toBe(HERO.src)
  expect(validated.format).toBe('jpeg')
})

test('leaves other pictures to the service of the project', async () => {
  const other = { src: { src: '/cat.png', width: 1, height: 1, format: 'png' } }
  const { src, attributes } = await getImage(other)
  expect(src).toBe('/_image?href=other')
  expect(attributes).toEqual({ theirs: true })
  expect((await getImage({ src: 'https://example.com/a.png' })).src).toBe('/_image?href=other')
})

test('says how to name one image of several', async () => {
  await expect(getImage({ src: { hero: HERO, 'hero-night': HERO } })).rejects.toThrow(
    '`./site.image.yaml?image=hero` in Markdown',
  )
})

test('Markdown names images so that content collections take them for pictures', () => {
  expect(nameAsPicture('./site.image.yaml?image=hero-night')).toBe(
    './site.image.yaml?image=hero-night#.png',
  )
  expect(nameAsPicture('../hero.image.yml')).toBe('../hero.image.yml#.png')
  const once = nameAsPicture('./x.image.yaml?image=a')
  expect(nameAsPicture(once)).toBe(once)
  expect(nameAsPicture('./site.image.yaml?raw')).toBe('./site.image.yaml?raw')
  const tree = {
    type: 'root',
    children: [
      { type: 'image', url: './x.image.yaml?image=a' },
      { type: 'link', url: './x.image.yaml?image=a' },
    ],
  }
  remarkPictures()(tree)
  expect(tree.children.map(({ url }) => url)).toEqual([
    './x.image.yaml?image=a#.png',
    './x.image.yaml?image=a',
  ])
})

/** Asks for a module as Vite does. */
async function resolveImage(source: string, importer: string) {
  const { handler } = Object(imageModules().resolveId)
  return handler.call({ resolve: async () => ({ id: '/site/site.image.yaml' }) }, source, importer)
}

test('Markdown names images, not files of them', async () => {
  const file = nameAsPicture('./site.image.yaml?image=a&format=webp')
  await expect(resolveImage(file, '/site/a.md')).rejects.toThrow(
    'Remove `&format=webp` from `./site.image.yaml?image=a&format=webp`',
  )
  const url = './site.image.yaml?image=a&format=webp&src'
  await expect(resolveImage(url.replace('&src', ''), '/site/a.mdx')).rejects.toThrow('Remove `&f')
  // Code may have the URL of one: that is the plugin's.
  expect(await resolveImage(url, '/site/a.mdx')).toBeNull()
  expect(await resolveImage(url, '/site/a.astro')).toBeNull()
  const { id } = await resolveImage(nameAsPicture('./site.image.yaml?image=a'), '/site/a.md')
  expect(id).toContain('/site/site.image.yaml')
})

test('Markdown of Astro 7 keeps its text, and names images in what was rendered', async () => {
  const processor = {
    createRenderer: () => ({
      render: (content: string) => ({
        code: `<img __ASTRO_IMAGE_="{&quot;src&quot;:&quot;./x.image.yaml?image=a&quot;,&quot;index&quot;:0}"> ${content}`,
        metadata: { localImagePaths: ['./x.image.yaml?image=a', './cat.png'] },
      }),
    }),
  }
  const { render } = await withPictures(processor).createRenderer()
  const text = '<code>![](./x.image.yaml?image=a)</code>'
  expect(await render(text)).toEqual({
    code: `<img __ASTRO_IMAGE_="{&quot;src&quot;:&quot;./x.image.yaml?image=a#.png&quot;,&quot;index&quot;:0}"> ${text}`,
    metadata: { localImagePaths: ['./x.image.yaml?image=a#.png', './cat.png'] },
  })
})

/** The `<img>` that Astro makes of a Markdown picture. */
async function renderMarkdownImage(options: Readonly<Record<string, unknown>>) {
  const { src, attributes } = await getImage({ ...options, width: 64, height: 48 })
  const all = Object.entries({ ...Object(attributes), src }).filter(
    ([, value]) => value !== undefined,
  )
  return `<p><img ${all.map(([name, value]) => `${name}="${escapeText(String(value))}"`).join(' ')}></p>`
}

const escapeText = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

test('Markdown shows a `<picture>` where Astro makes an `<img>`', async () => {
  const src = { ...HERO, alt: 'A lamp', inMarkdown: true }
  const given = { src, alt: '', title: 'Say "hi" > all', index: 0 }
  const html = await renderMarkdownImage(given)
  const shown = picture(HERO, { alt: 'A lamp', title: given.title })
  expect(showPictures(`${html}${html}`)).toBe(`<p>${shown}</p><p>${shown}</p>`)
  expect(await showPictures(Promise.resolve(html))).toBe(`<p>${shown}</p>`)
  const described = await renderMarkdownImage({ ...given, alt: 'The lamp at night' })
  expect(showPictures(described)).toContain('alt="The lamp at night"')
})

test('leaves every other `<img>` of Markdown and of `<Image>` as it is', async () => {
  const plain = '<p><img src="/cat.png" alt="data-imagegen-picture"></p>'
  expect(showPictures(plain)).toBe(plain)
  expect(showPictures(undefined)).toBeUndefined()
  expect(await renderMarkdownImage({ src: HERO, alt: '' })).not.toContain('data-imagegen')
})

test('MDX shows an image of a manifest by `Picture.astro`', () => {
  const src = { ...HERO, alt: 'A lamp' }
  expect(pictureProps({ src, alt: '', title: 'At night' })).toEqual({
    src,
    alt: 'A lamp',
    title: 'At night',
  })
  // Whoever says how, means Astro's own.
  expect(pictureProps({ src, alt: '', widths: [320] })).toBeUndefined()
  expect(pictureProps({ src: { src: '/cat.png', width: 1 }, alt: '' })).toBeUndefined()
})
