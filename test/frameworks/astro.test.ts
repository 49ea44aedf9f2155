import { pathToFileURL } from 'node:url'
import type { PluginOption } from 'vite'
import { expect, test, vi } from 'vitest'
import {
  type AstroChanges,
  type AstroSetup,
  createAstroIntegration,
} from '../../src/frameworks/astro/astro-integration.ts'
import { type ImageService, wrapImageService } from '../../src/frameworks/astro/image-service.ts'
import { nameAsPictures, remarkPictures } from '../../src/frameworks/astro/markdown-images.ts'
import { createProject } from '../support/project.ts'

const PLUGIN = { name: 'unplugin-imagegen' }

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
  const integration = createAstroIntegration(undefined, () => PLUGIN)
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

test('types every manifest', () => {
  const injectTypes = vi.fn()
  createAstroIntegration(undefined, () => PLUGIN).hooks['astro:config:done']({ injectTypes })
  expect(injectTypes).toHaveBeenCalledWith({
    filename: 'imagegen.d.ts',
    content: expect.stringContaining('unplugin-imagegen/client'),
  })
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
}

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
  expect(nameAsPictures('![a](./site.image.yaml?image=hero-night) b')).toBe(
    '![a](./site.image.yaml?image=hero-night#.png) b',
  )
  expect(nameAsPictures('[a]: <../x.image.yml?image=a>\n')).toContain('?image=a#.png>')
  const once = nameAsPictures('./x.image.yaml?image=a')
  expect(nameAsPictures(once)).toBe(once)
  const tree = {
    type: 'root',
    children: [
      { type: 'image', url: './x.image.yaml?image=a' },
      { type: 'link', url: 'a' },
    ],
  }
  remarkPictures()(tree)
  expect(tree.children[0]?.url).toBe('./x.image.yaml?image=a#.png')
})
