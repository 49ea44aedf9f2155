import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Next } from '../../../dev/serving/file-server.ts'
import { ImagegenError } from '../../../errors/imagegen-error.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import { loadGalleryAssets, loadManifestSchema } from '../../shell/gallery-assets.ts'
import { galleryPolicy, renderGalleryShell, renderLiveScript } from '../../shell/gallery-shell.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import type { GalleryLive } from '../gallery-live.ts'
import type { GalleryStudio } from '../gallery-studio.ts'
import { answerUpload } from './answer-upload.ts'
import { findAccessProblem, type GalleryAccess } from './gallery-access.ts'
import { answerPost, POSTS, type PostAnswer } from './gallery-posts.ts'

export interface GalleryServerOptions {
  /** Public path of the gallery, with a slash at both ends: `/__imagegen/`. */
  readonly path: string
  /** URL of Vite's client. */
  readonly viteClient: string
  readonly token: string
  readonly allowed: GalleryAccess
  readonly live: Pick<GalleryLive, 'data' | 'details'>
  readonly studio: GalleryStudio
  onError(error: Error): void
}

/** Of the query of a request. */
type Page = (query: URLSearchParams) => Promise<readonly [type: string, text: string]>

type Pages = Readonly<Record<string, Page>>

/** Serves the gallery's page, its data and its actions. Leaves everything else to others. */
export function createGalleryServer(options: GalleryServerOptions) {
  const { path, viteClient, token, studio, live, onError } = options
  const pages: Pages = {
    '': async () => ['text/html', renderGalleryShell('live')],
    'gallery.js': async () => ['text/javascript', (await loadGalleryAssets()).script],
    'gallery.css': async () => ['text/css', (await loadGalleryAssets()).style],
    'live.js': async () => ['text/javascript', renderLiveScript(viteClient, token)],
    'data.json': async () => json(await live.data()),
    details: async query => json(await live.details(imageOf(query))),
    'schema.json': async () => ['application/json', await loadManifestSchema()],
    words: async query => json(await studio.words(imageOf(query))),
    history: async query => json(await studio.history(imageOf(query))),
    usage: async () => json(await studio.usage()),
    crops: async query => json(await studio.crops(imageOf(query))),
  }
  return function middleware(request: IncomingMessage, response: ServerResponse, next: Next): void {
    const pathname = (request.url ?? '').replace(/[?#].*$/, '')
    if (pathname === path.slice(0, -1)) {
      response.statusCode = 302
      response.setHeader('Location', path)
      response.end()
      return
    }
    if (!pathname.startsWith(path)) {
      next()
      return
    }
    const exchange = { request, response }
    answer(pathname.slice(path.length), exchange, pages, options).catch(thrown => {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      const isKnown = error instanceof ActionRefusedError || error instanceof ImagegenError
      if (!isKnown) onError(error)
      refuse(response, isKnown ? 409 : 500, error.message)
    })
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

async function answer(
  name: string,
  { request, response }: Exchange,
  pages: Pages,
  options: GalleryServerOptions,
): Promise<void> {
  const problem = findAccessProblem(request, options.allowed)
  if (problem !== undefined) return refuse(response, 403, problem)
  const post = Object.hasOwn(POSTS, name) ? POSTS[name] : undefined
  if (post) return sendPost(await answerPost(post, request, options), response)
  const { searchParams: query } = new URL(request.url ?? '', 'http://page')
  if (name === 'adopt')
    return sendPost(await answerUpload(imageOf(query), request, options), response)
  const page = Object.hasOwn(pages, name) ? pages[name] : undefined
  if (!page) return refuse(response, 404, 'There is no such page.')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return refuse(response, 405, 'This can only be read.')
  }
  const [type, text] = await page(query)
  send(response, 200, type, request.method === 'HEAD' ? '' : text)
}

function sendPost({ status, body, allow }: PostAnswer, response: ServerResponse): void {
  if (allow !== undefined) response.setHeader('Allow', allow)
  send(response, status, 'application/json', JSON.stringify(body))
}

function json(value: unknown): readonly [type: string, text: string] {
  return ['application/json', JSON.stringify(value)]
}

/** The image that a query names. */
function imageOf(query: URLSearchParams): ImageId {
  return { manifest: query.get('manifest') ?? '', name: query.get('name') ?? '' }
}

function refuse(response: ServerResponse, status: number, error: string): void {
  send(response, status, 'application/json', JSON.stringify({ error }))
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.statusCode = status
  response.setHeader('Content-Type', `${type}; charset=utf-8`)
  response.setHeader('Content-Security-Policy', galleryPolicy())
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Cache-Control', 'no-store')
  // The development server's own middleware sets it for everything that it serves.
  response.removeHeader('Access-Control-Allow-Origin')
  response.end(text)
}
