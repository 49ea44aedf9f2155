import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { parseGalleryAction } from '../gallery-action.ts'
import type { GalleryStudio } from '../gallery-studio.ts'
import { parseUndo, parseWordsChange, parseWordsSave } from './parse-post.ts'

/** The most bytes that are posted as JSON: room for the words of an image in the largest manifest. */
const LARGEST_BODY = 2 * 1024 * 1024

/** What the server answers to something that was posted. */
export interface PostAnswer {
  readonly status: number
  readonly body: unknown
  /** The methods that would be right. */
  readonly allow?: string
}

/** Takes a body; undefined when it is not what is posted there. */
type Post = (body: unknown, studio: GalleryStudio) => PlannedPost | undefined

interface PlannedPost {
  readonly token: string
  /** @returns the answer */
  run(): Promise<unknown>
}

/** What can be posted, by its address below the page. */
export const POSTS: Readonly<Record<string, Post>> = {
  actions: (body, { act }) =>
    plan(parseGalleryAction(body), async action => {
      await act(action)
      return {}
    }),
  'words/check': (body, { check }) => plan(parseWordsChange(body), check),
  'words/save': (body, { save }) => plan(parseWordsSave(body), save),
  undo: (body, { undo }) => plan(parseUndo(body), undo),
}

function plan<Body extends { readonly token: string }>(
  body: Body | undefined,
  run: (body: Body) => Promise<unknown>,
): PlannedPost | undefined {
  return body && { token: body.token, run: () => run(body) }
}

/** Answers to a POST of the page itself. */
export async function answerPost(
  post: Post,
  request: IncomingMessage,
  { token, studio }: { readonly token: string; readonly studio: GalleryStudio },
): Promise<PostAnswer> {
  if (request.method !== 'POST') return { ...refusePost(405, 'Actions are posted.'), allow: 'POST' }
  // A page's own POST has both of these; forms and no-cors requests cannot send them.
  if (request.headers.origin === undefined) {
    return refusePost(403, 'An action has to say where it comes from.')
  }
  if (!/^application\/json(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    return refusePost(415, 'Actions are JSON.')
  }
  const planned = post(await readJson(request), studio)
  if (!planned) return refusePost(400, 'This is no action of the gallery.')
  if (!isToken(planned.token, token)) {
    return refusePost(403, 'The server was restarted since. Reload the gallery.')
  }
  return { status: post === POSTS.actions ? 202 : 200, body: await planned.run() }
}

export function refusePost(status: number, error: string): PostAnswer {
  return { status, body: { error } }
}

/** The body as JSON; undefined when it is not valid JSON, or too large. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > LARGEST_BODY) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

/** Takes the same time for every wrong token. */
export function isToken(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
