import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { PUBLIC_FOLDER } from '../../src/bundlers/vite/vite-fixed-assets.ts'
import { createNuxtModule, type Nuxt } from '../../src/frameworks/nuxt/nuxt-module.ts'
import { addTypes } from '../../src/frameworks/nuxt/nuxt-types.ts'
import { refuseInNitro } from '../../src/frameworks/nuxt/refuse-in-nitro.ts'

const PLUGIN = { name: 'unplugin-imagegen' }
const ROOT = path.resolve('/site')

/** Runs the module as Nuxt does, and keeps its listeners. */
async function setUp({ version = '4.4.5', builder = '@nuxt/vite-builder' } = {}) {
  const hooks = new Map<string, (value: never) => unknown>()
  const devServerHandlers: object[] = []
  const createVitePlugin = vi.fn(() => PLUGIN)
  const nuxt: Nuxt = {
    _version: version,
    options: {
      rootDir: ROOT,
      buildDir: path.join(ROOT, '.nuxt'),
      dev: true,
      builder,
      alias: {},
      app: { baseURL: '/shop/', buildAssetsDir: '/_nuxt/' },
      devServerHandlers,
      imagegen: { mode: 'draft' },
    },
    hook: (name: string, listener: (value: never) => unknown) => hooks.set(name, listener),
  }
  const module = createNuxtModule({
    createVitePlugin,
    prepareTypes: async () => ({ root: ROOT, mirror: undefined }),
  })
  await module({ root: '..' }, nuxt)
  const call = (name: string, value: unknown) => hooks.get(name)?.(value as never)
  return { call, devServerHandlers, createVitePlugin, module }
}

test('gives all of its servers one instance of the plugin, with the options of both places', async () => {
  const { call, createVitePlugin, module } = await setUp()
  const config = { plugins: [{ name: 'vue' }] }
  call('vite:extend', { config })
  const [first, folder, ...others] = config.plugins
  expect([first, ...others]).toEqual([PLUGIN, { name: 'vue' }])
  // Nitro publishes `_nuxt` alone.
  expect(folder).toEqual({ name: PUBLIC_FOLDER, api: { folder: '_nuxt/' } })
  expect(createVitePlugin).toHaveBeenCalledExactlyOnceWith({ mode: 'draft', root: '..' })
  expect(await module.getMeta()).toEqual({ name: 'unplugin-imagegen', configKey: 'imagegen' })
})

test('brings its component', async () => {
  const { call } = await setUp()
  const components: object[] = []
  call('components:extend', components)
  expect(components).toMatchObject([
    { pascalName: 'ImagegenPicture', filePath: 'unplugin-imagegen/vue', export: 'Picture' },
  ])
})

test('leads from the usual address of the gallery to where Vite serves it', async () => {
  const { devServerHandlers } = await setUp()
  const [{ route, handler } = {}] = devServerHandlers as { route: string; handler(): Response }[]
  expect(route).toBe('/__imagegen')
  expect(handler?.().headers.get('location')).toBe('/shop/_nuxt/__imagegen/')
})

test('refuses old versions, other builders, and a second plugin', async () => {
  await expect(setUp({ version: '3.19.0' })).rejects.toThrow('this project has Nuxt 3.19.0')
  await expect(setUp({ builder: '@nuxt/webpack-builder' })).rejects.toThrow(
    'Use unplugin-imagegen/webpack',
  )
  const { call } = await setUp()
  expect(() => call('vite:extend', { config: { plugins: [[PLUGIN]] } })).toThrow(
    'remove the one of unplugin-imagegen/vite',
  )
})

test('types manifests exactly, by relative paths and by aliases', () => {
  const references: object[] = []
  const tsConfig = { compilerOptions: { paths: { '~/*': ['../app/*'], '#app/*': ['nuxt/*'] } } }
  const folders = {
    buildDir: path.join(ROOT, '.nuxt'),
    alias: { '~': path.join(ROOT, 'app/'), '#app': path.resolve('/elsewhere') },
  }
  const mirror = path.join(ROOT, '.imagegen/types')
  addTypes({ references, tsConfig }, folders, { root: ROOT, mirror })
  expect(references).toEqual([{ types: 'unplugin-imagegen/client' }])
  expect(tsConfig.compilerOptions).toEqual({
    rootDirs: ['..', '../.imagegen/types'],
    paths: { '~/*': ['../app/*', '../.imagegen/types/app/*'], '#app/*': ['nuxt/*'] },
  })
})

test('types manifests loosely where no exact types were written', () => {
  const references: object[] = []
  const tsConfig = {}
  addTypes({ references, tsConfig }, { buildDir: ROOT, alias: {} }, undefined)
  expect(references).toEqual([{ types: 'unplugin-imagegen/client' }])
  expect(tsConfig).toEqual({})
})

test('code of Nitro that imports a manifest is told what to do', () => {
  const config: Parameters<typeof refuseInNitro>[0] = {}
  refuseInNitro(config, path.join(ROOT, '.nuxt'))
  const [plugin] = [config.rollupConfig?.plugins].flat(2)
  const resolveId = (source: string, importer?: string) =>
    Object(plugin).resolveId(source, importer)
  expect(() => resolveId('../site.image.yaml', path.join(ROOT, 'server/api/og.ts'))).toThrow(
    'Nitro gives browsers no files of its own code',
  )
  expect(resolveId('../site.image.yaml', path.join(ROOT, '.nuxt/dist/server/page.mjs'))).toBeNull()
  expect(resolveId('./other.yaml', path.join(ROOT, 'server/api/og.ts'))).toBeNull()
})
