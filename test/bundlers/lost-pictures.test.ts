import path from 'node:path'
import { createLogger, type InlineConfig } from 'vite'
import { describe, expect, test } from 'vitest'
import { unpluginOf, VITES } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const FILES = {
  'site.image.yaml': SITE,
  'page.js': `import { hero } from './site.image.yaml'; globalThis.hero = hero`,
  'server.js': `import { hero, heroNight } from './site.image.yaml'; export default [hero, heroNight]`,
}

interface ServerBuild {
  readonly order?: readonly string[]
  readonly emitAssets?: boolean
}

/** Builds pages and a server in one go; returns the warnings. */
async function buildApp(
  vite: string,
  { order = ['client', 'ssr'], emitAssets = false }: ServerBuild = {},
): Promise<readonly string[]> {
  const root = await writeSite(FILES)
  const load = VITES[vite]
  if (!load) throw new RangeError(vite)
  const { createBuilder } = await load()
  const unplugin = unpluginOf(createTestPipeline().open)
  const warnings: string[] = []
  const logger = createLogger('silent')
  logger.warn = message => warnings.push(message)
  const outputOf = (name: string, entry: string) => ({
    outDir: `dist/${name}`,
    rollupOptions: { input: path.join(root, entry) },
  })
  const config: InlineConfig = {
    root,
    configFile: false,
    customLogger: logger,
    plugins: [unplugin.vite()],
    environments: {
      client: { build: outputOf('client', 'page.js') },
      ssr: { build: { ...outputOf('ssr', 'server.js'), ssr: true, emitAssets } },
    },
    builder: {
      async buildApp(builder) {
        for (const name of order) {
          const environment = builder.environments[name]
          if (environment) await builder.build(environment)
        }
      },
    },
  }
  await (await createBuilder(config)).buildApp()
  return warnings.filter(warning => warning.includes('lead nowhere'))
}

describe.each(['vite8', 'vite7', 'vite6'])('%s, pictures that only a server refers to', vite => {
  test.each([
    ['client', 'ssr'],
    ['ssr', 'client'],
  ])('are a warning that says what to set: %s first', async (...order) => {
    const warnings = await buildApp(vite, { order })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(
      /Only code of the environment ssr refers to assets\/hero-night\S+\.png, and Vite/,
    )
    expect(warnings[0]).toContain('environments: { ssr: { build: { emitAssets: true } } }')
  })

  test('are none where the server writes its files, and where pages are not built with it', async () => {
    expect(await buildApp(vite, { emitAssets: true })).toEqual([])
    expect(await buildApp(vite, { order: ['ssr'] })).toEqual([])
  })
})
