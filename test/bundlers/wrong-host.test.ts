import path from 'node:path'
import { rspack } from '@rspack/core'
import { rolldown } from 'rolldown'
import { rollup } from 'rollup'
import { expect, test, vi } from 'vitest'
import webpack from 'webpack'
import { checkHost, webpackHost } from '../../src/bundlers/hosts/check-host.ts'
import unplugin from '../../src/index.ts'
import { createProject } from '../support/project.ts'
import { runCompiler, VITES } from './bundlers.ts'

/** A plugin of ours, as whatever the host takes. */
type Given = never

const plugins: Readonly<Record<string, () => unknown>> = {
  vite: () => unplugin.vite(),
  rollup: () => unplugin.rollup(),
  rolldown: () => unplugin.rolldown(),
  webpack: () => unplugin.webpack(),
  rspack: () => unplugin.rspack(),
  esbuild: () => unplugin.esbuild(),
}

const hosts: Readonly<Record<string, (root: string, plugin: Given) => Promise<unknown>>> = {
  ...Object.fromEntries(
    Object.entries(VITES).map(([name, load]) => [
      name.replace('vite8', 'vite'),
      async (root: string, plugin: Given) => {
        const { build } = await load()
        const rollupOptions = { input: path.join(root, 'main.js') }
        const config = { root, configFile: false as const, plugins: [plugin] }
        return build({ ...config, logLevel: 'silent', build: { rollupOptions } })
      },
    ]),
  ),
  async rollup(root, plugin) {
    const bundle = await rollup({ input: path.join(root, 'main.js'), plugins: [plugin] })
    await bundle.close()
  },
  async rolldown(root, plugin) {
    const bundle = await rolldown({ input: path.join(root, 'main.js'), plugins: [plugin] })
    await bundle.generate()
    await bundle.close()
  },
  webpack: async (root, plugin) =>
    runCompiler(webpack({ context: root, mode: 'none', entry: './main.js', plugins: [plugin] })),
  rspack: async (root, plugin) =>
    runCompiler(rspack({ context: root, mode: 'none', entry: './main.js', plugins: [plugin] })),
}

async function runIn(host: string, plugin: unknown): Promise<unknown> {
  const { root } = await createProject({ 'package.json': '{"type":"module"}', 'main.js': '' })
  // Hosts check what they are given more than types do.
  return hosts[host]?.(root, plugin as Given)
}

for (const host of Object.keys(hosts)) {
  const entry = host.replace(/\d$/, '')
  for (const given of Object.keys(plugins).filter(name => name !== entry)) {
    test(`${host} with the plugin for ${given} says which one to import`, async () => {
      await expect(runIn(host, plugins[given]?.())).rejects.toThrow(
        `Import it from 'unplugin-imagegen/${entry}' instead of 'unplugin-imagegen/${given}'.`,
      )
    })
  }

  test(`${host} takes its own`, async () => {
    await runIn(host, plugins[entry]?.())
  })
}

test.each(['vite', 'webpack', 'rspack', 'rollup', 'rolldown'])(
  'the package itself, as a plugin of %s, says what to import',
  async host => {
    await expect(runIn(host, unplugin)).rejects.toThrow(
      "'unplugin-imagegen' is not a plugin by itself.",
    )
  },
)

test('the package itself, called, says what to import', () => {
  expect(unplugin).toThrow(/Import the plugin of your bundler: unplugin-imagegen\/vite, /)
})

test.each([
  ['vite', '5.3.6', 'unplugin-imagegen needs Vite 5.4 or later; this project has Vite 5.3.6.'],
  ['rollup', '3.29.5', 'unplugin-imagegen needs Rollup 4 or later'],
  ['rolldown', '0.15.1', 'unplugin-imagegen needs Rolldown 1 or later'],
  ['webpack', '4', 'unplugin-imagegen needs webpack 5 or later; this project has webpack 4.'],
] as const)('%s %s is too old', (name, version, message) => {
  expect(() => checkHost(name, { name, version })).toThrow(message)
})

test('a version that nobody tried is a warning', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  checkHost('vite', { name: 'vite', version: '12.0.0' })
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('this project has Vite 12.0.0'))
})

test('an old Vite of the project is found by its package', async () => {
  const { root } = await createProject({
    'package.json': '{"type":"module"}',
    'main.js': '',
    'node_modules/vite/package.json': '{"version":"5.2.11"}',
  })
  await expect(hosts.vite5?.(root, unplugin.vite() as Given)).rejects.toThrow(
    'this project has Vite 5.2.11. Update Vite.',
  )
})

test('webpack 4 is known by what it lacks', () => {
  const hooks = { compilation: { tap: () => undefined } }
  expect(webpackHost({ hooks, options: {} })).toEqual({ name: 'webpack', version: '4' })
})
