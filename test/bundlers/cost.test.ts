import path from 'node:path'
import { Writable } from 'node:stream'
import * as esbuild from 'esbuild'
import { rollup } from 'rollup'
import { createLogger, build as viteBuild } from 'vite'
import { beforeEach, expect, test, vi } from 'vitest'
import webpack from 'webpack'
import imagegenForEsbuild from '../../src/esbuild.ts'
import imagegenForRollup from '../../src/rollup.ts'
import imagegenForVite from '../../src/vite.ts'
import imagegenForWebpack from '../../src/webpack.ts'
import { startApi } from '../support/project.ts'
import { writeSite } from './sample-site.ts'

beforeEach(() => {
  vi.stubEnv('LLMEASY_API_KEY', 'test-key')
  return () => {
    vi.unstubAllEnvs()
  }
})

type Options = Parameters<typeof imagegenForRollup>[0]

/** Builds a site once, and gives what the host's log has. */
const HOSTS: Readonly<Record<string, (root: string, options: Options) => Promise<string>>> = {
  async rollup(root, options) {
    const said: string[] = []
    const bundle = await rollup({
      input: path.join(root, 'main.js'),
      plugins: [imagegenForRollup(options)],
      onLog: (level, { message }) => said.push(`${level} ${message}`),
    })
    await bundle.close()
    return said.join('\n')
  },
  async vite(root, options) {
    const said: string[] = []
    const customLogger = createLogger('info')
    customLogger.info = message => {
      said.push(message)
    }
    const input = path.join(root, 'main.js')
    const plugins = [imagegenForVite(options)]
    await viteBuild({
      root,
      configFile: false,
      customLogger,
      plugins,
      build: { rollupOptions: { input } },
    })
    return said.join('\n')
  },
  async webpack(root, options) {
    const said: string[] = []
    const stream = new Writable({
      write(chunk, _, done) {
        said.push(String(chunk))
        done()
      },
    })
    const compiler = webpack({
      context: root,
      entry: './main.js',
      mode: 'production',
      infrastructureLogging: { stream, colors: false },
      plugins: [imagegenForWebpack(options)],
    })
    await new Promise((resolve, reject) => {
      compiler.run(error => (error ? reject(error) : compiler.close(resolve)))
    })
    return said.join('')
  },
  async esbuild(root, options) {
    const { warnings } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: ['main.js'],
      bundle: true,
      outdir: 'dist',
      logLevel: 'silent',
      plugins: [imagegenForEsbuild(options)],
    })
    return warnings.map(({ text }) => text).join('\n')
  },
}

test.each(Object.entries(HOSTS))('a build by %s ends with what it cost', async (_, build) => {
  const api = await startApi()
  const root = await writeSite({
    'a.image.yaml': 'prompt: A lighthouse\n',
    'b.image.yaml': 'prompt: A pier\n',
    'main.js': `export { default as a } from './a.image.yaml'\nexport { default as b } from './b.image.yaml'`,
  })
  api.failWhen('pier', { drop: true }, 1)
  const options = {
    root,
    provider: { baseURL: api.url, retry: { delays: [10] } },
    onSizeMismatch: 'ignore' as const,
    budget: { prices: { '1024x1024': 0.04 } },
  }
  const said = await build(root, options)
  expect(said).toContain(
    'Spent 0.08 USD. Up to 0.04 USD more may have been billed without a picture.',
  )
  expect(said.split('Spent')).toHaveLength(2)
  expect(await build(root, options)).not.toContain('Spent')
})
