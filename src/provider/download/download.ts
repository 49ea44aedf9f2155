import { isIP } from 'node:net'
import type { Client } from 'undici'
import { AttemptError, type AttemptErrorDetails } from '../attempt-error.ts'
import { headerText } from '../connection/answer-headers.ts'
import type { Connections } from '../connection/connections.ts'
import { contentEncodings, decodeContent } from '../connection/content-encoding.ts'
import type { Deadline } from '../connection/deadline.ts'
import { type Answer, exchange } from '../connection/exchange.ts'
import { parseRetryAfter } from '../connection/retry-after.ts'
import { isPublicAddress, lookupPublic, PrivateAddressError } from './public-address.ts'

/** How many redirects are followed. */
const MOST_REDIRECTS = 5

export interface DownloadContext {
  /** The API's base URL: pictures on its origin are fetched as the API itself is. */
  readonly base: URL
  /** Headers that carry the key, for the API's own origin. */
  readonly credentials: Readonly<Record<string, string>>
  /** Largest picture, in bytes. */
  readonly answerBytes: number
  readonly deadline: Deadline
  readonly connections: Connections
}

/**
 * Fetches the picture whose address an answer gave. Addresses are not trusted: outside the API's own
 * origin they must be https and public, at each redirect too, and never get the key. Messages name
 * the origin only, since whoever has the whole address can read the picture.
 * @throws AttemptError `DOWNLOAD_FAILED`: `unusable` when the address will never give a picture,
 * retryable otherwise
 */
export async function* downloadPicture(
  link: string,
  context: DownloadContext,
): AsyncGenerator<Uint8Array> {
  let url = parseLink(link, context.base)
  for (let redirects = 0; ; redirects += 1) {
    const connection = open(url, context)
    try {
      const answer = await fetchOnce(url, connection, context)
      const target =
        answer.status >= 300 && answer.status < 400 && headerText(answer.headers, 'location')
      if (!target) {
        checkStatus(answer, url)
        yield* readPicture(answer, url, context)
        return
      }
      if (redirects === MOST_REDIRECTS) throw failed(url, 'it redirects too often')
      url = parseLink(target, context.base, url)
    } catch (failure) {
      throw classify(failure, url)
    } finally {
      await context.connections.close(connection)
    }
  }
}

function fetchOnce(url: URL, connection: Client, context: DownloadContext): Promise<Answer> {
  const { deadline, base, credentials } = context
  const options = {
    method: 'GET' as const,
    path: url.pathname + url.search,
    headers: {
      accept: 'image/*',
      'accept-encoding': 'identity',
      'user-agent': 'unplugin-imagegen',
      ...(url.origin === base.origin && credentials),
    },
  }
  return deadline.race(exchange(connection, options, deadline))
}

function open(url: URL, { base, connections }: DownloadContext): Client {
  if (url.origin === base.origin) return connections.open(url.origin)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // The lookup does not see literal addresses.
  if (isIP(host) && !isPublicAddress(host))
    throw refused(url, new PrivateAddressError(host).message)
  return connections.open(url.origin, lookupPublic)
}

async function* readPicture(
  { headers, body }: Answer,
  url: URL,
  { answerBytes }: DownloadContext,
): AsyncGenerator<Uint8Array> {
  let received = 0
  for await (const chunk of decodeContent(body, contentEncodings(headers))) {
    received += chunk.byteLength
    if (received > answerBytes) {
      throw refused(url, `it is larger than \`limits.answerBytes\` (${answerBytes} bytes)`)
    }
    yield chunk
  }
}

function checkStatus({ status, headers }: Answer, url: URL): void {
  if (status >= 200 && status < 300) return
  if (status === 403 || status === 404 || status === 410) {
    throw refused(url, `the server answers ${status}, so the URL has expired or was wrong`)
  }
  const retryAfter = parseRetryAfter(headers, Date.now())
  throw failed(url, `the server answers ${status}`, retryAfter === undefined ? {} : { retryAfter })
}

/** @param from the address that a redirect is relative to */
function parseLink(link: string, base: URL, from: URL = base): URL {
  const url = URL.canParse(link, from) ? new URL(link, from) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw refused(base, 'it is not a URL of the web')
  if (url.origin === base.origin) return url
  if (url.protocol !== 'https:') throw refused(url, 'it is not https')
  if (url.username || url.password) throw refused(url, 'it contains credentials')
  return url
}

/** The address gives no picture, now or later. */
function refused({ origin }: URL, reason: string): AttemptError {
  return new AttemptError(
    `The API answered with the URL of a picture at ${origin}, which cannot be downloaded: ${reason}. If the API can send the picture itself, ask for that (\`response_format: b64_json\`).`,
    { code: 'DOWNLOAD_FAILED', outcome: 'unusable', retryable: false },
  )
}

function failed(
  { origin }: URL,
  reason: string,
  details: Pick<AttemptErrorDetails, 'retryAfter' | 'cause'> = {},
): AttemptError {
  return new AttemptError(
    `The API answered with the URL of a picture at ${origin}, but the download failed: ${reason}.`,
    { code: 'DOWNLOAD_FAILED', outcome: 'uncertain', retryable: true, ...details },
  )
}

function classify(failure: unknown, url: URL): AttemptError {
  if (failure instanceof AttemptError) return failure
  if (failure instanceof PrivateAddressError) return refused(url, failure.message)
  return failed(url, failure instanceof Error ? failure.message : String(failure), {
    cause: failure,
  })
}
