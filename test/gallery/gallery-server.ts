import { readFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { GalleryData } from '../../src/gallery/data/gallery-data.ts'
import type { GalleryUsage } from '../../src/gallery/data/gallery-exchanges.ts'
import { GALLERY_STYLES, type GalleryAssets } from '../../src/gallery/shell/gallery-assets.ts'
import { galleryPolicy, renderGalleryShell } from '../../src/gallery/shell/gallery-shell.ts'
import type { FileOnDisk } from '../../src/gallery/static/write-static-gallery.ts'
import { sampleDetails } from './sample-gallery.ts'

const PAGE = fileURLToPath(new URL('../../src/gallery/page/', import.meta.url))

/** The page's assets from its sources, so that no stale build is tested. */
export async function bundleGalleryAssets(): Promise<GalleryAssets> {
  const [bundle, ...styles] = await Promise.all([
    build({
      entryPoints: [path.join(PAGE, 'main.tsx')],
      bundle: true,
      write: false,
      format: 'iife',
    }),
    ...GALLERY_STYLES.map(name => readFile(path.join(PAGE, 'styles', name), 'utf8')),
  ])
  return { script: bundle.outputFiles[0]?.text ?? '', style: styles.join('\n') }
}

export interface GalleryRequest {
  readonly body: Buffer
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
}

export interface GalleryServer {
  readonly url: string
  data: GalleryData
  usage: GalleryUsage
  /** Other addresses below the page; a `status` in an answer is that of the response. */
  answers: Record<string, (request: GalleryRequest) => object>
  /** Bodies of the actions that were posted. */
  readonly actions: { readonly type: string | undefined; readonly body: unknown }[]
  /** The answer to the next actions. */
  refusal: string | undefined
  /** Forgets what a test did. */
  reset(data: GalleryData): void
  close(): Promise<void>
}

/** Serves the live page over loopback, with the development server's answers. */
export async function serveGallery(
  assets: GalleryAssets,
  data: GalleryData,
  files: readonly FileOnDisk[],
): Promise<GalleryServer> {
  const actions: GalleryServer['actions'] = []
  const byUrl = new Map(files.map(({ url, path: file }) => [`/g/${url}`, file]))
  const server = createServer(async (request, response) => {
    const url = (request.url ?? '').replace(/\?.*/, '')
    const send = (type: string, body: string | Buffer, status = 200): void => {
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': galleryPolicy(),
      })
      response.end(body)
    }
    const file = byUrl.get(url)
    if (file) send('image/png', await readFile(file))
    else if (url === '/g/') send('text/html', renderGalleryShell('live'))
    else if (url === '/g/gallery.js') send('text/javascript', assets.script)
    else if (url === '/g/gallery.css') send('text/css', assets.style)
    else if (url === '/g/live.js') send('text/javascript', '')
    else if (url === '/g/data.json') send('application/json', JSON.stringify(gallery.data))
    else if (url === '/g/details' && !gallery.answers.details)
      send('application/json', detailsOf(request.url, gallery.data))
    else if (url === '/g/usage') send('application/json', JSON.stringify(gallery.usage))
    else if (Object.hasOwn(gallery.answers, url.slice(3))) {
      const body = await readBody(request)
      const query = new URL(request.url ?? '', 'http://page').searchParams
      const answered = gallery.answers[url.slice(3)]?.({ body, query, headers: request.headers })
      const { status = 200, ...answer } = { ...answered }
      send('application/json', JSON.stringify(answer), Number(status))
    } else if (url === '/g/actions' && request.method === 'POST') {
      actions.push({
        type: request.headers['content-type'],
        body: JSON.parse((await readBody(request)).toString()),
      })
      const { refusal } = gallery
      send(
        'application/json',
        JSON.stringify(refusal ? { error: refusal } : {}),
        refusal ? 409 : 202,
      )
    } else send('text/plain', 'unknown', 404)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const gallery: GalleryServer = {
    url: `http://127.0.0.1:${port}/g/`,
    data,
    answers: {},
    usage: { scope: 'complete', images: [] },
    actions,
    refusal: undefined,
    reset(original) {
      gallery.data = original
      gallery.usage = { scope: 'complete', images: [] }
      gallery.refusal = undefined
      gallery.answers = {}
      actions.length = 0
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return gallery
}

function detailsOf(url = '', { images }: GalleryData): string {
  const query = new URL(url, 'http://page').searchParams
  const image = images.find(
    ({ id }) => id.manifest === query.get('manifest') && id.name === query.get('name'),
  )
  return JSON.stringify(image ? sampleDetails(image) : { pictures: {} })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
