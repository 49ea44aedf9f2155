import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Connect } from 'vite'
import { RAW_QUERY } from '../manifests/manifest-id.ts'
import {
  isQueryFault,
  PICTURE_QUERY,
  type PictureQuery,
  parsePictureQuery,
  type QueryFault,
} from './picture-query.ts'

export interface RedirectOptions {
  /** The manifest that a decoded path leads to: an absolute path, if it is one of the project. */
  manifestOf(pathname: string): Promise<string | undefined>
  urlOf(file: string, query: PictureQuery): Promise<string | QueryFault>
  onError(error: Error): void
}

/** What asks for a module that has the URL. */
const MODULE_QUERY = /[?&](?:import|imagegen-url\.js)=?(?:&|$)/

/**
 * Leads requests for `/src/site.image.yaml?image=hero` to the picture: pages of a backend name it as
 * they name scripts of a development server.
 */
export function redirectPictures(options: RedirectOptions): Connect.NextHandleFunction {
  return (request, response, next) => {
    const url = request.originalUrl ?? request.url ?? ''
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const isPicture = PICTURE_QUERY.test(url) && !MODULE_QUERY.test(url) && !RAW_QUERY.test(url)
    if (!isRead || !isPicture) return next()
    answer(options, url, response).then(isOurs => {
      if (!isOurs) next()
    }, next)
  }
}

/** @returns false where the path leads to no manifest of the project */
async function answer(
  { manifestOf, urlOf, onError }: RedirectOptions,
  url: string,
  response: ServerResponse<IncomingMessage>,
): Promise<boolean> {
  const file = await manifestOf(decode(url.split('?')[0] ?? ''))
  const query = parsePictureQuery(url)
  if (file === undefined || !query) return false
  try {
    const found = isQueryFault(query) ? query : await urlOf(file, query)
    if (typeof found === 'string') {
      response.statusCode = 302
      response.setHeader('Location', found)
      end(response, '')
    } else {
      response.statusCode = 404
      end(response, [found.message, found.hint].filter(Boolean).join(' '))
    }
  } catch (error) {
    onError(error instanceof Error ? error : new Error(String(error)))
    response.statusCode = 500
    // Its lines are not for everybody.
    end(response, 'The manifest has a fault. The terminal shows it.')
  }
  return true
}

/** Another picture may be there the next time. */
function end(response: ServerResponse<IncomingMessage>, text: string): void {
  response.setHeader('Cache-Control', 'no-store')
  response.setHeader('Content-Type', 'text/plain; charset=utf-8')
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.end(text && `${text}\n`)
}

/** A path that can't be decoded leads to no file. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
