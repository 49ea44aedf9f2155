import { WebSocket } from 'undici'
import { createServer } from 'vite'
import { input } from './input.mjs'

/** Vite's development server, and what a page in a browser would ask of it. */
const { root, baseURL, plugin = 'product' } = input

async function plugins() {
  if (plugin === 'none') return []
  const { default: imagegen } = await import('unplugin-imagegen/vite')
  return [imagegen({ provider: { baseURL } })]
}

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: await plugins(),
  server: { port: 0, host: '127.0.0.1' },
})
await server.listen()
const origin = `http://127.0.0.1:${server.httpServer.address().port}`

async function get(url) {
  const response = await fetch(origin + url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return response
}

/** The URLs of pictures that a text names. */
export function picturesIn(text) {
  const urls = text.matchAll(/\/[^"\s,]+\.(?:avif|webp|jpe?g|png|svg)(?:\?[^"\s,]*)?/g)
  // `?import` is a module.
  return new Set([...urls].map(([url]) => url).filter(url => !url.endsWith('?import')))
}

/** Loads the page and its modules one after the other, and returns the URLs of its pictures. */
export async function loadModules() {
  const seen = new Set()
  const pictures = new Set()
  const load = async url => {
    if (seen.has(url)) return
    seen.add(url)
    const text = await (await get(url)).text()
    for (const picture of picturesIn(text)) pictures.add(picture)
    const modules = text.matchAll(/(?:\bfrom\s*|\bimport\s*|\bsrc=)"(\/[^"]+)"/g)
    await Promise.all([...modules].map(([, module]) => load(module)))
  }
  await load('/')
  return pictures
}

/** Loads pictures; those that come with a preview first, until they are there. */
export async function loadPictures(urls) {
  await Promise.all([...urls].map(loadPicture))
}

async function loadPicture(url) {
  const response = await get(url)
  await response.arrayBuffer()
  if (response.headers.get('cache-control') === 'no-store') await loadPicture(url)
}

/** Connects as a page does. Returns what waits for the next message that `concerns` a test. */
export async function connect() {
  const socket = new WebSocket(
    `${origin.replace('http', 'ws')}/?token=${server.config.webSocketToken}`,
    'vite-hmr',
  )
  const next = concerns =>
    new Promise(resolve => {
      const listen = ({ data }) => {
        if (!concerns(JSON.parse(data))) return
        socket.removeEventListener('message', listen)
        resolve(data)
      }
      socket.addEventListener('message', listen)
    })
  await next(({ type }) => type === 'connected')
  return next
}

export const isUpdate = ({ event }) => event === 'imagegen:update'
