/**
 * Builds the same site with Vite, Rollup and webpack, through real HTTP to an API server on this
 * machine. The first run generates the pictures; the next one finds them in the cache.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { createApiServer } from '../test/api-server/server.ts'
import { DIST, folderOf, SITE_BUILDS } from './build-site.ts'
import { renderStartPage } from './start-page.ts'

const API_KEY = 'playground'
const api = await createApiServer({ apiKey: API_KEY })
process.env.LLMEASY_BASE_URL = api.url
process.env.LLMEASY_API_KEY = API_KEY

try {
  for (const site of SITE_BUILDS) {
    const before = api.count
    const started = performance.now()
    const outDir = path.join(DIST, folderOf(site))
    await site.build(outDir)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const where = path.relative(process.cwd(), outDir)
    print(
      `${site.bundler.padEnd(8)} ${describe(api.count - before).padEnd(26)} ${seconds.padStart(5)} s   ${where}`,
    )
  }
  await writeFile(path.join(DIST, 'index.html'), renderStartPage())
  print(`\n${api.count} requests in all. Originals: playground/.imagegen`)
  print('See the three builds: npm run playground:preview')
} finally {
  await api.close()
}

function describe(requests: number): string {
  return requests > 0 ? `${requests} pictures generated` : 'all from the cache'
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
