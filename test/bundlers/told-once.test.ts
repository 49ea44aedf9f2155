import { inspect } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import type { Options } from '../../src/config/options.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { BUNDLERS, buildWithVite, runCompiler, webpackConfig } from './bundlers.ts'
import { writeSite } from './sample-site.ts'

/** A frame of a stack inside this package. */
const OUR_FRAME = /\bat .*\/src\/(?:manifest|pipeline|config|project)\//

const open: OpenPipeline = (options, start, host) =>
  openForPlugin(options, { ...start, readVariable: () => undefined }, host)

const SITE = {
  'main.js': `export { hero } from './site.image.yaml'\n`,
  'site.image.yaml': 'images:\n  hero:\n    prompt: A lighthouse\n    size: 1920\n',
}

/** All that a host prints of a failure: the message, the stack, causes, and fields of the error. */
async function failureIn(
  name: string,
  options?: Options,
  files: Readonly<Record<string, string>> = SITE,
): Promise<string> {
  const bundler = BUNDLERS.find(bundler => bundler.name === name)
  if (!bundler) throw new Error(`There is no bundler ${name}.`)
  const root = await writeSite(files)
  const failed = bundler.build({ root, open, ...(options && { options }) })
  return failed.then(
    () => 'Nothing failed.',
    error => inspect(error, { depth: 8 }),
  )
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe.each(BUNDLERS.map(({ name }) => name))('%s', name => {
  test('shows a mistake in a manifest with its place, without stack and causes', async () => {
    const shown = await failureIn(name)
    expect(shown).toMatch(/site\.image\.yaml:4:1[01]/)
    expect(shown).toContain('must be width x height, but it is 1920.')
    expect(shown).not.toMatch(OUR_FRAME)
    expect(shown).not.toContain('ManifestError')
  })

  test('shows a mistake in the options with their place, without stack and causes', async () => {
    // What plain JavaScript can say although the types forbid it.
    const shown = await failureIn(name, { budget: 10 } as unknown as Options)
    expect(shown).toContain('inline options: Option `budget` must be an object, but it is 10.')
    expect(shown).not.toMatch(OUR_FRAME)
  })

  test('names the next command as the project runs it', async () => {
    const files = {
      ...SITE,
      'site.image.yaml': SITE['site.image.yaml'].replace('1920', '1536x1024'),
      'pnpm-lock.yaml': '',
    }
    const shown = await failureIn(name, { mode: 'frozen' }, files)
    expect(shown).toContain('`pnpm exec imagegen generate`')
    expect(shown).not.toContain('`imagegen')
  })
})

const MISNAMED = {
  'main.js': `import site from './site.images.yaml'\nexport const prompt = site.images?.hero.prompt\n`,
  'site.images.yaml': 'images:\n  hero:\n    prompt: A lighthouse\n',
}

test.each(BUNDLERS.map(({ name }) => name).filter(name => name !== 'farm'))(
  '%s says how a manifest has to be named, in place of what the host would make of its text',
  async name => {
    const shown = await failureIn(name, {}, MISNAMED)
    expect(shown).toMatch(
      /site\.images\.yaml(?: \(imported in main\.js\))? is not read as a manifest because of its name\. Rename it to site\.image\.yaml, and change the import\./,
    )
    expect(shown).not.toMatch(/Unexpected|No loader|Parse|parse/)
    const data = { ...MISNAMED, 'site.images.yaml': 'images:\n  hero:\n    src: a.png\n' }
    expect(await failureIn(name, {}, data)).not.toContain('is not read as a manifest')
  },
)

test('a file that another plugin or loader reads is left to it', async () => {
  const root = await writeSite(MISNAMED)
  const entry = await buildWithVite(() => import('vite'), { root, open }, {}, [
    {
      name: 'yaml',
      transform: (_, id) =>
        id.endsWith('.yaml') ? 'export default { images: { hero: { prompt: "other" } } }' : null,
    },
  ])
  expect(await import(entry)).toMatchObject({ prompt: 'other' })
  const { default: webpack } = await import('webpack')
  const config = await webpackConfig({ root, open })
  const rules = [
    {
      test: /\.yaml$/,
      type: 'json',
      parser: { parse: () => ({ images: { hero: { prompt: 'json' } } }) },
    },
  ]
  await runCompiler(webpack({ ...config, module: { rules } }))
  expect(await import(`${entry}?webpack`)).toMatchObject({ prompt: 'json' })
})

test('DEBUG shows the stack', async () => {
  vi.stubEnv('DEBUG', '1')
  expect(await failureIn('rollup')).toMatch(OUR_FRAME)
})
