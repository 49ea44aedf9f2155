import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect } from 'vite'
import type { PublishedManifestError } from '../../errors/published-manifest-error.ts'
import { RAW_QUERY } from './manifest-id.ts'
import { refuseUrl } from './refuse-reference.ts'

/** Paths of manifests, also on file systems that do not tell cases apart. */
const MANIFEST_PATH = /\.image\.ya?ml\/*$/i

/** What Vite answers with a module, and never with a file. */
const MODULE_QUERY = /[?&]import=?(?:&|$)/

/** What makes a file of it all the same: Vite 5 then leaves it to the server of files. */
const FILE_QUERY = /[?&](?:url|inline)(?:[=&]|$)/

export interface RequestRefusal {
  /** Whether a decoded path below the origin leads to a file that is no manifest, whatever its name. */
  isOther(pathname: string): Promise<boolean>
  /** Told once for each URL. */
  onRefusal(error: PublishedManifestError): void
}

/**
 * Refuses pages that ask a development server for a manifest as a file: an `<img>`, a style, a link
 * that is opened. Modules and the texts of `?raw` are left to Vite.
 */
export function refuseRequests({ isOther, onRefusal }: RequestRefusal): Connect.NextHandleFunction {
  const told = new Set<string>()
  return (request, response, next) => {
    const url = request.originalUrl ?? request.url ?? ''
    const [path = ''] = url.split(/[?#]/, 1)
    const pathname = decode(path)
    const isModule = MODULE_QUERY.test(url) && !FILE_QUERY.test(url)
    if (RAW_QUERY.test(url) || isModule || !MANIFEST_PATH.test(pathname)) return next()
    isOther(pathname).then(other => (other ? next() : refuse(url, request, response)), next)
  }

  function refuse(url: string, request: IncomingMessage, response: ServerResponse): void {
    const error = refuseUrl(url, request.headers.referer)
    if (!told.has(url)) onRefusal(error)
    told.add(url)
    response.statusCode = 403
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    response.end(error.message)
  }
}

/** A path that can't be decoded leads to no file. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
