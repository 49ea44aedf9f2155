import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import webpack from 'webpack'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { type BuildRequest, rspackConfig, runCompiler, webpackConfig } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'
import { WATCHERS } from './watchers.ts'

const MAIN = `export { default as hero } from './hero.image.yaml'`

const FILES = {
  'package.json': '{"name":"site","type":"module"}',
  'site/hero.image.yaml': 'prompt: A hero\nsize: 384x384\n',
  'site/main.js': MAIN,
}

/** Builds once, through a cache in the folder. */
const CACHED: Readonly<Record<string, (request: BuildRequest, cache: string) => Promise<void>>> = {
  async webpack(request, cacheDirectory) {
    const cache = { type: 'filesystem', cacheDirectory } as const
    await runCompiler(webpack({ ...(await webpackConfig(request)), cache }))
  },
  async rspack(request, directory) {
    const { rspack } = await import('@rspack/core')
    const cache = { type: 'persistent', storage: { type: 'filesystem', directory } } as const
    await runCompiler(rspack({ ...rspackConfig(request), cache }))
  },
}

for (const [name, buildCached] of Object.entries(CACHED)) {
  test(`${name}'s persistent cache sees that a configuration file comes, comes nearer, and goes`, async () => {
    const root = await writeSite(FILES)
    const site = path.join(root, 'site')
    const fake = createTestPipeline()
    let resolved = 0
    const open: OpenPipeline = async (...given) => {
      const pipeline = await fake.open(...given)
      return {
        ...pipeline,
        async resolveModule(file) {
          resolved++
          return pipeline.resolveModule(file)
        },
      }
    }
    const above = path.join(root, 'imagegen.config.json')
    const nearer = path.join(site, 'imagegen.config.json')
    const changes = {
      comes: () => writeFile(above, '{}'),
      comesNearer: () => writeFile(nearer, '{}'),
      goes: () => rm(nearer),
    }
    for (const [change, apply] of Object.entries(changes)) {
      // A cache of its own: Rspack's never trusts a file again that was missing once.
      const cache = path.join(root, '.cache', change)
      const resolvedNow = async () => {
        resolved = 0
        await buildCached({ root: site, open }, cache)
        return resolved
      }
      expect([change, await resolvedNow(), await resolvedNow()]).toEqual([change, 1, 0])
      await apply()
      expect([change, await resolvedNow()]).toEqual([change, 1])
    }
  })
}

/** Rolldown watches no file that is not there: it sees the new one in the next build. */
const WITHOUT_MISSING_FILES = ['rolldown', 'vite8']

for (const [name, watch] of Object.entries(WATCHERS)) {
  test(`${name} sees while it watches that a configuration file comes, comes nearer, and goes`, async () => {
    const root = await writeSite(FILES)
    const pipeline = createTestPipeline()
    const builds: (Error | undefined)[] = []
    const stop = await watch({
      root: path.join(root, 'site'),
      open: pipeline.open,
      onBuilt: error => void builds.push(error),
    })
    onTestFinished(stop)
    await expect.poll(() => builds.length, { timeout: 20_000 }).toBeGreaterThan(0)

    /** Another configuration means another pipeline, in another build. */
    const reopens = async (change: () => Promise<void>) => {
      // Hosts say when a build ends, but neither that they watch again nor whether another follows.
      for (let seen = 0; seen < builds.length; await wait(500)) seen = builds.length
      const [before, opened] = [builds.length, pipeline.opened]
      await change()
      await expect.poll(() => pipeline.opened, { timeout: 20_000 }).toBe(opened + 1)
      await expect.poll(() => builds.length, { timeout: 20_000 }).toBeGreaterThan(before)
    }
    const create = (file: string) =>
      reopens(async () => {
        await writeFile(file, '{}')
        if (WITHOUT_MISSING_FILES.includes(name)) await writeFile(main, `${MAIN}\n`)
      })
    const main = path.join(root, 'site/main.js')
    const above = path.join(root, 'imagegen.config.json')
    const nearer = path.join(root, 'site/imagegen.config.json')
    await create(above)
    await create(nearer)
    await reopens(() => rm(nearer))
    await reopens(() => rm(above))
    expect(builds.filter(error => error !== undefined)).toEqual([])
  })
}
