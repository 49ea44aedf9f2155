import { readFile, writeFile } from 'node:fs/promises'
import { WebSocket } from 'undici'
import { createServer } from 'vite'
import { input } from './input.mjs'
import { note } from './report.mjs'

const { root, baseURL, plugin = 'product', edit } = input

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

/** Loads what a browser would: the page, its modules one after the other, then the pictures. */
const seen = new Set()
const pictures = new Set()
async function load(url) {
  if (seen.has(url)) return
  seen.add(url)
  const response = await fetch(origin + url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  const text = await response.text()
  const modules = text.matchAll(/(?:\bfrom\s*|\bimport\s*|\bsrc=)"(\/[^"]+)"/g)
  for (const [, picture] of text.matchAll(/"(\/[^"\s]+\.(?:webp|jpe?g|png|svg)(?:\?[^"]*)?)"/g)) {
    pictures.add(picture)
  }
  await Promise.all([...modules].map(([, module]) => load(module)))
}

const started = performance.now()
await load('/')
const loaded = performance.now()
await Promise.all(
  [...pictures].map(async picture => {
    const response = await fetch(origin + picture)
    if (!response.ok) throw new Error(`${picture}: ${response.status}`)
    await response.arrayBuffer()
  }),
)
note('modules', loaded - started)
note('page', performance.now() - started)
note('pictures', pictures.size)
if (edit) note('saved', await timeOfEdit(edit))
process.exit()

/** From a saved prompt until open pages are told. */
async function timeOfEdit({ file, from, to }) {
  const text = await readFile(file, 'utf8')
  const socket = new WebSocket(
    `${origin.replace('http', 'ws')}/?token=${server.config.webSocketToken}`,
    'vite-hmr',
  )
  await new Promise((resolve, reject) => {
    socket.addEventListener('message', resolve, { once: true })
    socket.addEventListener('error', reject, { once: true })
  })
  const told = new Promise(resolve => {
    socket.addEventListener('message', ({ data }) => {
      const { type, event } = JSON.parse(data)
      if (type === 'update' || event === 'imagegen:update') resolve(performance.now())
    })
  })
  const began = performance.now()
  await writeFile(file, text.replace(from, to))
  const took = (await told) - began
  await writeFile(file, text)
  return took
}
