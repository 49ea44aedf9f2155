/**
 * Builds the same site with Vite, Rollup and webpack, through real HTTP to an API server on this
 * machine. The first run generates the pictures; the next one finds them in the cache.
 */
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'
import { createApiServer } from '../test/api-server/server.ts'
import rollupConfig from './rollup.config.ts'
import webpackConfig from './webpack.config.ts'

const dirname = import.meta.dirname
const API_KEY = 'playground'

const builds: Record<string, () => Promise<unknown>> = {
  Vite: () => viteBuild({ configFile: path.join(dirname, 'vite.config.ts'), logLevel: 'warn' }),
  Rollup: async () => {
    const bundle = await rollup(rollupConfig)
    await bundle.write(rollupConfig.output)
    await bundle.close()
  },
  webpack: () =>
    new Promise<void>((resolve, reject) => {
      const compiler = webpack(webpackConfig)
      compiler.run((error, stats) => {
        const failure =
          error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-warnings')) : undefined)
        compiler.close(() => (failure ? reject(failure) : resolve()))
      })
    }),
}

const api = await createApiServer({ apiKey: API_KEY })
process.env.LLMEASY_BASE_URL = api.url
process.env.LLMEASY_API_KEY = API_KEY

try {
  for (const [name, build] of Object.entries(builds)) {
    const before = api.requests.length
    const started = performance.now()
    await build()
    const generated = api.requests.slice(before)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    print(
      `${name.padEnd(8)} ${describe(generated.length).padEnd(26)} ${seconds.padStart(5)} s   playground/dist/${name.toLowerCase()}`,
    )
  }
  print(`\n${api.requests.length} requests in all. Originals: playground/.imagegen`)
  print('Look at the pages: npm run playground:preview')
} finally {
  await api.close()
}

function describe(requests: number): string {
  return requests > 0 ? `${requests} pictures generated` : 'all from the cache'
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
