import { pipeline, Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import { type AnswerHeaders, headerText } from './answer-headers.ts'

/** How much a decoder returns at once, in bytes. */
const PIECE = 256 * 1024

/** A body is not encoded as its `Content-Encoding` says. */
export class ContentEncodingError extends Error {
  /** True when the compressed bytes ended too early, false when they are wrong. */
  readonly cutOff: boolean

  constructor(message: string, options: ErrorOptions & { readonly cutOff: boolean }) {
    super(message, options)
    this.name = 'ContentEncodingError'
    this.cutOff = options.cutOff
  }
}

/** The encodings of a body, in the order in which they were applied; none for plain bytes. */
export function contentEncodings(headers: AnswerHeaders): readonly string[] {
  const names = (headerText(headers, 'content-encoding') ?? '').toLowerCase().split(',')
  return names.map(name => name.trim()).filter(name => name !== '' && name !== 'identity')
}

/**
 * Streams a body without its content encodings: requests ask for `identity`, but some gateways
 * compress all the same. An unknown encoding leaves the bytes as they are, and is reported once they
 * have all come. Fails as the body does.
 * @throws ContentEncodingError
 */
export async function* decodeContent(
  body: AsyncIterable<Uint8Array>,
  encodings: readonly string[],
): AsyncGenerator<Uint8Array> {
  const unknown = encodings.find(name => !isKnown(name))
  if (unknown !== undefined) {
    yield* body
    throw new ContentEncodingError(`its content encoding “${unknown}” is unknown`, {
      cutOff: false,
    })
  }
  let decoded = body
  for (const name of encodings.toReversed()) decoded = decode(decoded, name)
  yield* decoded
}

async function* decode(
  body: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<Uint8Array> {
  const source = await openSource(body)
  const decoder = createDecoder(encoding, source.first)
  // A failure of either reaches the reader of the decoder.
  pipeline(Readable.from(source.chunks(), { objectMode: false }), decoder, () => {})
  try {
    yield* decoder
  } catch (failure) {
    if (source.failure !== undefined) throw source.failure
    const cutOff = failure instanceof Error && /unexpected end/.test(failure.message)
    const words = failure instanceof Error ? failure.message : String(failure)
    throw new ContentEncodingError(`it is not valid ${encoding} (${words})`, {
      cause: failure,
      cutOff,
    })
  }
}

async function openSource(body: AsyncIterable<Uint8Array>) {
  const iterator = body[Symbol.asyncIterator]()
  const begin = await iterator.next()
  const first = begin.done ? new Uint8Array() : begin.value
  const source = {
    first,
    failure: undefined as unknown,
    async *chunks(): AsyncGenerator<Uint8Array> {
      try {
        if (first.length > 0) yield first
        for (;;) {
          const next = await iterator.next()
          if (next.done) return
          yield next.value
        }
      } catch (failure) {
        source.failure = failure
        throw failure
      } finally {
        await iterator.return?.()
      }
    },
  }
  return source
}

function isKnown(encoding: string): boolean {
  return ['gzip', 'x-gzip', 'deflate', 'br'].includes(encoding)
}

/** @param first the first of the compressed bytes */
function createDecoder(encoding: string, first: Uint8Array): Transform {
  const options = { chunkSize: PIECE }
  switch (encoding) {
    case 'br':
      return zlib.createBrotliDecompress(options)
    case 'deflate':
      // In HTTP it means the zlib format, but some servers send raw deflate.
      return ((first[0] ?? 0) & 0x0f) === 8
        ? zlib.createInflate(options)
        : zlib.createInflateRaw(options)
    default:
      return zlib.createGunzip(options)
  }
}
