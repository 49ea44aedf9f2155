import { createServer } from 'vite'
import { input } from './input.mjs'
import { note } from './report.mjs'

const { root, baseURL } = input
const { default: imagegen } = await import('unplugin-imagegen/vite')
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: [imagegen({ provider: { baseURL } })],
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
process.exit()
