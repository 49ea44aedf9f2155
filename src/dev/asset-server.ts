import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AssetFile } from '../module/image-template.ts'

/** Where a development server lives, as its configuration says. */
export interface ServerLocation {
  /** Public path with a slash at both ends. */
  readonly base: string
  /** Put before `base` in URLs; empty for URLs of the same origin. */
  readonly origin: string
}

export type Next = (error?: unknown) => void

/** Serves files of the development server by identifier. */
export interface AssetServer {
  /** Makes a file available and returns its URL, which tells its content. */
  add(file: AssetFile): string
  readonly middleware: (request: IncomingMessage, response: ServerResponse, next: Next) => void
}

/** Below `base`. */
const FOLDER = '__imagegen/assets/'

const TYPES: Readonly<Record<AssetFile['extension'], `image/${string}`>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
}

/**
 * Serves only what was added, looked up in a map: no path of a request ever reaches the disk.
 * Files of a fixed name are found under that name as well, as they are in a build.
 */
export function createAssetServer({ base, origin }: ServerLocation): AssetServer {
  const files = new Map<string, AssetFile>()
  const fixed = new Map<string, AssetFile>()

  return {
    add(file) {
      if (file.fixedName) {
        fixed.set(file.fixedName, file)
        return `${origin}${base}${file.fixedName}?${file.digest.slice(0, 16)}`
      }
      const identifier = `${file.name}-${file.digest.slice(0, 16)}.${file.extension}`
      files.set(identifier, file)
      return `${origin}${base}${FOLDER}${identifier}`
    },
    middleware(request, response, next) {
      const pathname = (request.url ?? '').replace(/[?#].*$/, '')
      if (!pathname.startsWith(base)) return next()
      const name = decode(pathname.slice(base.length))
      const file = fixed.get(name)
      if (file) return send(file, 'no-cache', request, response, next)
      if (!name.startsWith(FOLDER)) return next()
      const asset = files.get(name.slice(FOLDER.length))
      if (asset) send(asset, 'public, max-age=31536000, immutable', request, response, next)
      else end(response, 404, 'There is no such image. Reload the page.')
    },
  }
}

function send(
  file: AssetFile,
  cacheControl: string,
  request: IncomingMessage,
  response: ServerResponse,
  next: Next,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    end(response, 405, 'Images can only be read.')
    return
  }
  const etag = `"${file.digest}"`
  response.setHeader('Cache-Control', cacheControl)
  response.setHeader('ETag', etag)
  if (request.headers['if-none-match']?.includes(etag)) {
    response.statusCode = 304
    response.end()
    return
  }
  response.setHeader('Content-Type', TYPES[file.extension])
  response.setHeader('Content-Length', file.size)
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  const stream = createReadStream(file.path)
  stream.once('error', error => {
    if (response.headersSent) response.destroy(error)
    else next(error)
  })
  response.once('close', () => stream.destroy())
  stream.pipe(response)
}

function end(response: ServerResponse, status: number, message: string): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.end(`${message}\n`)
}

/** A request path that is no valid encoding names nothing. */
function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return ''
  }
}
