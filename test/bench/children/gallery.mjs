import { chromium } from 'playwright-core'
import imagegen from 'unplugin-imagegen/vite'
import { createServer } from 'vite'
import { input } from './input.mjs'
import { note } from './report.mjs'

const server = await createServer({
  root: input.root,
  configFile: false,
  logLevel: 'error',
  // Nothing answers there.
  plugins: [imagegen({ provider: { baseURL: 'http://127.0.0.1:9/v1' } })],
  server: { port: 0, host: '127.0.0.1' },
})
await server.listen()
const origin = `http://127.0.0.1:${server.httpServer.address().port}`

const browser = await chromium.launch({
  executablePath: input.executable,
  args: ['--no-sandbox', '--disable-gpu'],
})
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.addInitScript(followPictures)

const cold = await open()
note('first', cold.first)
note('screen', cold.screen)
note('data', cold.data)
note('again', (await open()).first)
await browser.close()
process.exit()

/** Milliseconds since the navigation, as the page tells them. */
async function open() {
  await page.goto(`${origin}/__imagegen/`, { waitUntil: 'commit' })
  const found = await page.waitForFunction(() => globalThis.bench?.screen && globalThis.bench)
  return found.jsonValue()
}

/** Runs in the page, before its own scripts. */
function followPictures() {
  const [seen, shown] = [new Set(), new Set()]
  const bench = { first: undefined, screen: undefined, data: undefined }
  globalThis.bench = bench

  const isOnScreen = element => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  }
  const decoded = image => {
    shown.add(image)
    bench.first ??= performance.now()
    const [data] = performance.getEntriesByName(new URL('data.json', location.href).href)
    bench.data ??= data?.duration
    const cells = [...document.querySelectorAll('.grid .cell')].filter(isOnScreen)
    const isWhole = cells.every(cell => shown.has(cell.querySelector('img')))
    if (isWhole) bench.screen ??= performance.now()
  }
  new MutationObserver(() => {
    for (const image of document.querySelectorAll('.grid img')) {
      if (seen.has(image)) continue
      seen.add(image)
      image.decode().then(() => decoded(image))
    }
  }).observe(document, { childList: true, subtree: true })
}
