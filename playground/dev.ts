/**
 * The Vite dev server over an API server on this machine that takes a few seconds a picture. It begins
 * with an empty cache of its own, so that drafts are seen each time.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { createServer } from 'vite'
import { createApiServer } from '../test/api-server/server.ts'

const API_KEY = 'playground'
const api = await createApiServer({ apiKey: API_KEY, delay: 3_000 })
process.env.LLMEASY_BASE_URL = api.url
process.env.LLMEASY_API_KEY = API_KEY

const cache = path.resolve(import.meta.dirname, '../node_modules/.cache/imagegen-playground')
await rm(cache, { recursive: true, force: true })
process.env.PLAYGROUND_CACHE = cache

const server = await createServer({ configFile: path.join(import.meta.dirname, 'vite.config.ts') })
await server.listen()
server.printUrls()
