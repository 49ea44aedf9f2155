import type { IncomingMessage } from 'node:http'
import type { ImageId } from '../../../manifest/image-id.ts'
import { FILE_NAME_HEADER, TOKEN_HEADER } from '../../data/gallery-exchanges.ts'
import type { GalleryStudio } from '../gallery-studio.ts'
import { isToken, type PostAnswer, refusePost } from './gallery-posts.ts'

/** Answers to a picture that the page itself sends. */
export async function answerUpload(
  image: ImageId,
  request: IncomingMessage,
  { token, studio }: { readonly token: string; readonly studio: GalleryStudio },
): Promise<PostAnswer> {
  const { headers } = request
  if (request.method !== 'PUT') return { ...refusePost(405, 'Pictures are put.'), allow: 'PUT' }
  // No other site can send these headers without being asked for permission first.
  if (headers.origin === undefined) {
    return refusePost(403, 'An action has to say where it comes from.')
  }
  if (headers['content-type'] !== 'application/octet-stream') {
    return refusePost(415, 'Pictures are sent as application/octet-stream.')
  }
  if (!isToken(String(headers[TOKEN_HEADER] ?? ''), token)) {
    return refusePost(403, 'The server was restarted since. Reload the gallery.')
  }
  const name = decode(String(headers[FILE_NAME_HEADER] ?? ''))
  return { status: 200, body: await studio.adopt(image, { name, bytes: request }) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
