import path from 'node:path'
import { rolldown } from 'rolldown'
import { createLogger, build as viteBuild } from 'vite'
import { beforeEach, expect, test, vi } from 'vitest'
import imagegenForRolldown from '../../src/rolldown.ts'
import imagegenForVite from '../../src/vite.ts'
import { startApi } from '../support/project.ts'
import { writeSite } from './sample-site.ts'

beforeEach(() => {
  vi.stubEnv('LLMEASY_API_KEY', 'test-key')
  return () => {
    vi.unstubAllEnvs()
  }
})

/** So long that Rolldown lists slow plugins. */
const SLOW = 3000

type Options = Parameters<typeof imagegenForVite>[0]
type Build = (root: string, options: Options, loads: () => Promise<void>) => Promise<string>

/** Builds a site, with another plugin that may be slow, and gives the warnings of the host. */
const HOSTS: Readonly<Record<string, Build>> = {
  async vite(root, options, load) {
    const warnings: string[] = []
    const customLogger = createLogger('info')
    customLogger.info = () => {}
    customLogger.warn = message => warnings.push(message)
    const input = path.join(root, 'main.js')
    await viteBuild({
      root,
      configFile: false,
      customLogger,
      plugins: [imagegenForVite(options), { name: 'another', load }],
      build: { rolldownOptions: { input } },
    })
    return warnings.join('\n')
  },
  async rolldown(root, options, load) {
    const warnings: string[] = []
    const bundle = await rolldown({
      input: path.join(root, 'main.js'),
      plugins: [imagegenForRolldown(options), { name: 'another', load }],
      onLog: (level, { message }) => {
        if (level === 'warn') warnings.push(message)
      },
    })
    await bundle.write({ dir: path.join(root, 'dist') })
    await bundle.close()
    return warnings.join('\n')
  },
}

test.each(Object.entries(HOSTS))(
  '%s calls a build slow for another plugin, but not for pictures that it waits for',
  async (_, build) => {
    const api = await startApi({ delay: SLOW })
    const root = await writeSite({
      'hero.image.yaml': 'prompt: A lighthouse\n',
      'main.js': `export { default as hero } from './hero.image.yaml'\n`,
    })
    const options = { root, provider: { baseURL: api.url }, onSizeMismatch: 'ignore' as const }
    expect(await build(root, options, async () => {})).toBe('')
    expect(api.requests).toHaveLength(1)
    const slowly = () => new Promise<void>(resolve => setTimeout(resolve, SLOW))
    expect(await build(root, options, slowly)).toContain('plugin another')
  },
  30_000,
)
