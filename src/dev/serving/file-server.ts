import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { ServedContent, ServedFile } from '../images/served-file.ts'

/** Where a development server is, as its configuration says. */
export interface ServerLocation {
  /** Public path with a slash at both ends. */
  readonly base: string
  /** Put before `base` in URLs; empty for URLs of the same origin. */
  readonly origin: string
}

export type Next = (error?: unknown) => void

/** Serves files of the development server by identifier. */
export interface FileServer {
  /** Makes a file available, and returns its URL, which changes with its content. */
  add(file: ServedFile, fixedName?: string): string
  readonly middleware: (request: IncomingMessage, response: ServerResponse, next: Next) => void
}

/** The files of one or several servers. */
export interface FileStore {
  /** By identifier. */
  readonly files: Map<string, ServedFile>
  /** By fixed name. */
  readonly fixed: Map<string, ServedFile>
}

export function createFileStore(): FileStore {
  return { files: new Map(), fixed: new Map() }
}

/** Below `base`. */
const FOLDER = '__imagegen/assets/'

/** How long a page waits for an encoder, in milliseconds. */
const PATIENCE = 300

const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * Serves only what was added: a request's path is looked up in a map, and never reaches the disk.
 * Files with a fixed name are found under that name too, as in a build.
 * @param onError told when a file could not be made
 * @param store the files, where several servers share them
 */
export function createFileServer(
  { base, origin }: ServerLocation,
  onError: (error: Error, file: ServedFile) => void,
  { files, fixed }: FileStore = createFileStore(),
): FileServer {
  return {
    add(file, fixedName) {
      files.set(file.identifier, file)
      if (fixedName === undefined) return `${origin}${base}${FOLDER}${file.identifier}`
      fixed.set(fixedName, file)
      return `${origin}${base}${fixedName}?${file.identifier}`
    },
    middleware(request, response, next) {
      const pathname = (request.url ?? '').replace(/[?#].*$/, '')
      if (!pathname.startsWith(base)) return next()
      const name = decode(pathname.slice(base.length))
      const file = name.startsWith(FOLDER) ? files.get(name.slice(FOLDER.length)) : fixed.get(name)
      if (!file) {
        if (!name.startsWith(FOLDER)) return next()
        return end(response, 404, 'This image does not exist. Reload the page.')
      }
      send(file, fixed.has(name) ? 'no-cache' : FOR_EVER, request, response).catch(thrown => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        onError(error, file)
        if (response.headersSent) response.destroy(error)
        else end(response, 500, error.message)
      })
    },
  }
}

async function send(
  file: ServedFile,
  cacheControl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    end(response, 405, 'Images are read-only.')
    return
  }
  const { digest, bytes, type } = await contentOf(file)
  const etag = `"${digest}"`
  response.setHeader('Cache-Control', type === undefined ? cacheControl : 'no-store')
  response.setHeader('ETag', etag)
  if (request.headers['if-none-match']?.includes(etag)) {
    response.statusCode = 304
    response.end()
    return
  }
  response.setHeader('Content-Type', type ?? file.type)
  response.setHeader('Content-Length', bytes.length)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** A page does not wait for a slow encoder. It gets a preview instead, which must not be cached. */
async function contentOf(
  file: ServedFile,
): Promise<ServedContent & { readonly type?: ServedFile['type'] }> {
  const content = file.content()
  if (!file.preview) return content
  // Nobody may be left to hear of a failure; whoever asks next is told.
  content.catch(() => undefined)
  const patience = new AbortController()
  const late = wait(PATIENCE, undefined, { ref: false, signal: patience.signal }).catch(
    () => undefined,
  )
  try {
    return (await Promise.race([content, late])) ?? (await file.preview())
  } finally {
    patience.abort()
  }
}

function end(response: ServerResponse, status: number, message: string): void {
  response.statusCode = status
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.end(`${message}\n`)
}

/** A request path with an invalid encoding names nothing. */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return ''
  }
}
