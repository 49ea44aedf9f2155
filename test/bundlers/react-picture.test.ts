import { createRequire } from 'node:module'
import path from 'node:path'
import { rspack } from '@rspack/core'
import type { InlineConfig } from 'vite'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import webpack, { type Configuration } from 'webpack'
import { installInto } from '../picture/installed-site.ts'
import { temporaryFolder, writeFiles } from '../support/folder.ts'

const ENTRY = `import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { Picture } from 'unplugin-imagegen/react'
const src = { src: '/a.png', width: 2, height: 1, type: 'image/png', alt: 'A', placeholder: { color: '#fff' } }
export const html = renderToString(createElement(Picture, { src, priority: true }))
export const attachesRef = typeof Picture.render({ src }, null).props.ref === 'function'
`

interface Built {
  readonly html: string
  readonly attachesRef: boolean
}

type Build = (root: string, entry: string) => Promise<unknown>

const webpackConfig = (root: string, entry: string): Configuration => ({
  mode: 'production',
  context: root,
  target: 'node',
  entry,
  output: { path: path.join(root, 'dist'), filename: 'main.cjs', library: { type: 'commonjs2' } },
  resolve: { symlinks: false },
  optimization: { minimize: false },
})

const viteBuild =
  (load: () => Promise<{ build(config: InlineConfig): Promise<unknown> }>): Build =>
  async (root, entry) => {
    const { build } = await load()
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      resolve: { preserveSymlinks: true },
      ssr: { noExternal: true },
      build: {
        ssr: entry,
        rollupOptions: { output: { format: 'cjs', entryFileNames: 'main.cjs' } },
      },
    })
  }

const load = (name: string) => () => import(name)

const BUNDLERS: Readonly<Record<string, Build>> = {
  webpack: (root, entry) =>
    new Promise((resolve, reject) => {
      webpack(webpackConfig(root, entry), (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString({})))
        else resolve(stats)
      })
    }),
  Rspack: (root, entry) =>
    new Promise((resolve, reject) => {
      rspack(webpackConfig(root, entry) as Parameters<typeof rspack>[0], (error, stats) => {
        if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString({})))
        else resolve(stats)
      })
    }),
  'Vite 5': viteBuild(load('vite5')),
  'Vite 8': viteBuild(load('vite')),
}

describe.each(Object.entries(BUNDLERS))('bundled by %s', (_, build) => {
  test('finds out what its React can do', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    onTestFinished(() => void vi.unstubAllEnvs())
    const root = await temporaryFolder()
    await writeFiles(root, { 'package.json': '{"type":"module"}', 'main.js': ENTRY })
    await installInto(root)
    await build(root, path.join(root, 'main.js'))
    const built: Built = createRequire(import.meta.url)(path.join(root, 'dist/main.cjs'))
    expect(built.html).toContain('fetchPriority="high"')
    expect(built.attachesRef).toBe(true)
  })
})
