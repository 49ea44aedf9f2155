/**
 * Draws the pictures of the documentation that are missing, by the API server of this repository,
 * into `docs/.imagegen`, which is committed. `npm run docs:pictures` runs it after a new image.
 */
import path from 'node:path'
import { openPipeline } from 'unplugin-imagegen/api'
import { createApiServer } from '../test/api-server/server.ts'

const API_KEY = 'documentation'
const api = await createApiServer({ apiKey: API_KEY })
process.env.LLMEASY_BASE_URL = api.url
process.env.LLMEASY_API_KEY = API_KEY
process.env.IMAGEGEN_MODE = 'generate'
try {
  await using pipeline = await openPipeline({ root: path.resolve(import.meta.dirname, '../docs') })
  await pipeline.generate()
  process.stdout.write(`${api.count} pictures drawn.\n`)
} finally {
  await api.close()
}
