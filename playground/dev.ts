/** The Vite dev server over an API server on this machine that takes a few seconds a picture. */
import path from 'node:path'
import { createServer } from 'vite'
import { createApiServer } from '../test/api-server/server.ts'

const API_KEY = 'playground'
const api = await createApiServer({ apiKey: API_KEY, delay: 3_000 })
process.env.LLMEASY_BASE_URL = api.url
process.env.LLMEASY_API_KEY = API_KEY

const server = await createServer({ configFile: path.join(import.meta.dirname, 'vite.config.ts') })
await server.listen()
server.printUrls()
