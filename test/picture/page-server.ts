import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'

interface ServedPage {
  /** What stands in `#app`. */
  readonly app?: string
  readonly client?: string
  readonly head?: string
  readonly policy?: string
}

/** Pages with pictures that are drawn when they are asked for, and that can be held back. */
export interface PageServer {
  readonly url: string
  /** Paths of what was asked for, in this order. */
  readonly requests: readonly string[]
  setPage(page: ServedPage): void
  /** From now on answers to paths that match wait for {@link release}. */
  hold(paths: RegExp): void
  release(): void
  close(): Promise<void>
}

const STYLES = `:root { color-scheme: light dark }
body { margin: 0; font: 16px/1.5 sans-serif }
main { max-width: 60rem; margin: auto; padding: 1rem }
section { margin-bottom: 1rem }
img { display: block; max-width: 100%; height: auto }`

const documentOf = ({ app = '', client, head = '' }: ServedPage): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Pictures</title>
<meta name="viewport" content="width=device-width">${head}
<link rel="stylesheet" href="/style.css"><link rel="icon" href="/icon-16x16.png"></head>
<body><main><h1>Pictures</h1><div id="app">${app}</div><p>What stands below them.</p></main>
${client === undefined ? '' : '<script src="/client.js" defer></script>'}</body></html>`

const COLORS: Readonly<Record<string, string>> = {
  hero: '#3b82f6',
  night: '#312e81',
  phone: '#0d9488',
}

/** A picture that says which file it is. */
async function draw(path: string): Promise<{ body: Buffer; type: string } | undefined> {
  const [, name, width, height, format] =
    /^\/(?:pictures\/)?(\w+)-(\d+)x(\d+)\.(png|jpeg|webp)$/.exec(path) ?? []
  if (!name || !format) return undefined
  const color = COLORS[name] ?? '#78716c'
  const image = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<rect width="100%" height="100%" fill="${color}" ${name === 'logo' ? 'rx="40"' : ''}/>
<text x="50%" y="55%" text-anchor="middle" font-size="20" fill="white">${name} ${width} ${format}</text></svg>`
  const body = await sharp(Buffer.from(image))
    .toFormat(format as 'png')
    .toBuffer()
  return { body, type: `image/${format}` }
}

export async function createPageServer(): Promise<PageServer> {
  const requests: string[] = []
  let page: ServedPage = {}
  let held: RegExp | undefined
  let waiting: (() => void)[] = []

  async function answer(path: string) {
    if (path === '/') return { body: documentOf(page), type: 'text/html' }
    if (path === '/other') return { body: '<!doctype html><title>Other</title>', type: 'text/html' }
    if (path === '/style.css') return { body: STYLES, type: 'text/css' }
    if (path === '/client.js') return { body: page.client ?? '', type: 'text/javascript' }
    return draw(path)
  }

  const server = createServer(async ({ url = '/' }, response) => {
    requests.push(url)
    if (held?.test(url)) await new Promise<void>(resolve => waiting.push(resolve))
    const found = await answer(url)
    response.statusCode = found ? 200 : 404
    response.setHeader('content-type', found?.type ?? 'text/plain')
    if (page.policy && url === '/') response.setHeader('content-security-policy', page.policy)
    response.end(found?.body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    setPage(next) {
      page = next
      requests.length = 0
    },
    hold(paths) {
      held = paths
    },
    release() {
      held = undefined
      for (const resume of waiting) resume()
      waiting = []
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
