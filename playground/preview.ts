/** Serves what `npm run playground` built, from a page that leads to each build. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { preview } from 'vite'
import { DIST } from './build-site.ts'

if (existsSync(path.join(DIST, 'index.html'))) {
  const server = await preview({ configFile: false, root: import.meta.dirname })
  server.printUrls()
} else {
  process.stderr.write('Nothing is built yet: npm run playground\n')
  process.exitCode = 1
}
