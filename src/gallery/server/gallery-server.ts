import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Next } from '../../dev/serving/file-server.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import type { GalleryData } from '../data/gallery-data.ts'
import { loadGalleryAssets } from '../shell/gallery-assets.ts'
import { galleryPolicy, renderGalleryShell, renderLiveScript } from '../shell/gallery-shell.ts'
import { ActionRefusedError } from './action-refused-error.ts'
import { findAccessProblem, type GalleryAccess } from './gallery-access.ts'
import { type GalleryAction, parseGalleryAction } from './gallery-action.ts'

export interface GalleryServerOptions {
  /** Public path of the gallery, with a slash at both ends: `/__imagegen/`. */
  readonly path: string
  /** URL of Vite's client. */
  readonly viteClient: string
  readonly token: string
  readonly allowed: GalleryAccess
  data(): Promise<GalleryData>
  act(action: GalleryAction): Promise<void>
  onError(error: Error): void
}

/** The most bytes of a posted action: room for the longest names. */
const LARGEST_ACTION = 64 * 1024

type Pages = Readonly<Record<string, () => Promise<readonly [type: string, text: string]>>>

/** Serves the gallery's page, its data and its actions. Leaves everything else to others. */
export function createGalleryServer(options: GalleryServerOptions) {
  const { path, viteClient, token, data, onError } = options
  const pages: Pages = {
    '': async () => ['text/html', renderGalleryShell('live')],
    'gallery.js': async () => ['text/javascript', (await loadGalleryAssets()).script],
    'gallery.css': async () => ['text/css', (await loadGalleryAssets()).style],
    'live.js': async () => ['text/javascript', renderLiveScript(viteClient, token)],
    'data.json': async () => ['application/json', JSON.stringify(await data())],
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
  if (name === 'actions') return perform({ request, response }, options)
  const page = pages[name]
  if (!page) return refuse(response, 404, 'There is no such page.')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return refuse(response, 405, 'This can only be read.')
  }
  const [type, text] = await page()
  send(response, 200, type, request.method === 'HEAD' ? '' : text)
}

async function perform(
  { request, response }: Exchange,
  { token, act }: GalleryServerOptions,
): Promise<void> {
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST')
    return refuse(response, 405, 'Actions are posted.')
  }
  // A page's own POST has both of these; forms and no-cors requests cannot send them.
  if (request.headers.origin === undefined) {
    return refuse(response, 403, 'An action has to say where it comes from.')
  }
  if (!/^application\/json(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refuse(response, 415, 'Actions are JSON.')
  }
  const action = parseGalleryAction(await readJson(request))
  if (!action) return refuse(response, 400, 'This is no action of the gallery.')
  if (!isSame(action.token, token)) {
    return refuse(response, 403, 'The server was restarted since. Reload the gallery.')
  }
  await act(action)
  send(response, 202, 'application/json', '{}')
}

/** The body as JSON; undefined when it is not valid JSON, or too large for an action. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > LARGEST_ACTION) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
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
