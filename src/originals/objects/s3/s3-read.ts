import type { StoredObject } from '../object-store.ts'
import type { IdleWatch, S3Attempts } from './s3-attempts.ts'
import { meansAbsent } from './s3-fault.ts'
import type { S3Client, S3Sdk } from './s3-sdk.ts'

/** Bytes of the first answer: entries and leases come whole with it. */
const FIRST_PIECE = 256 * 1024

export interface S3Reader {
  /** @param name of the object, for messages; @param key in the bucket */
  read(name: string, key: string): Promise<StoredObject | undefined>
}

export interface S3Source {
  readonly sdk: S3Sdk
  readonly client: S3Client
  readonly bucket: string
  readonly label: string
  readonly attempts: S3Attempts
}

/** Bytes of an object in the bucket. */
interface ByteRange {
  readonly key: string
  readonly start: number
  /** Not included. */
  readonly end: number
}

interface Piece {
  readonly bytes: Uint8Array
  /** Of the whole object. */
  readonly size: number
  readonly modified: Date
}

/** Reads objects piece by piece: after a cut connection only the missing rest is read again. */
export function createS3Reader(source: S3Source): S3Reader {
  const { attempts } = source

  async function* rest(name: string, key: string, size: number): AsyncGenerator<Uint8Array> {
    let offset = FIRST_PIECE
    while (offset < size) {
      const end = Math.min(offset + LARGER_PIECE, size)
      const piece = await attempts.run(cantRead(name, source), watch =>
        readPiece(source, { key, start: offset, end }, watch),
      )
      yield piece.bytes
      offset += piece.bytes.length
    }
  }

  return {
    async read(name, key) {
      const first = await attempts.run<Piece | null>(
        cantRead(name, source),
        watch => readPiece(source, { key, start: 0, end: FIRST_PIECE }, watch),
        fault => {
          if (meansAbsent(fault)) return null
          // There is no first byte of an object that has none.
          return fault.status === 416 ? EMPTY : undefined
        },
      )
      if (!first) return undefined
      const { bytes, size, modified } = first
      return {
        name,
        size,
        modified,
        async *stream() {
          yield bytes
          if (bytes.length < size) yield* rest(name, key, size)
        },
      }
    },
  }
}

/** Bytes. Enough that the way to and fro does not count. */
const LARGER_PIECE = 8 * 1024 * 1024
/** Bytes that are taken of a store that does not know ranges and sends the whole: no picture is larger. */
const LARGEST_WHOLE = 64 * 1024 * 1024
const EMPTY: Piece = { bytes: new Uint8Array(), size: 0, modified: new Date(0) }

async function readPiece(
  { sdk, client, bucket }: S3Source,
  { key, start, end }: ByteRange,
  watch: IdleWatch,
): Promise<Piece> {
  const answer = await client.send(
    new sdk.GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${start}-${end - 1}` }),
    { abortSignal: watch.signal },
  )
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.ContentRange ?? '')
  const size = range ? Number(range[3]) : (answer.ContentLength ?? 0)
  const expected = range ? Math.min(end, size) - start : size
  if (expected > LARGEST_WHOLE) throw new TooLongError(LARGEST_WHOLE)
  const pieces: Uint8Array[] = []
  let length = 0
  const body = answer.Body
  if (body && Symbol.asyncIterator in body) {
    for await (const chunk of abortable(body, watch)) {
      pieces.push(chunk)
      length += chunk.length
      // Whatever the headers say, memory does not grow with the body.
      if (length > expected) throw new TooLongError(expected)
      watch.touch(chunk.length)
    }
  }
  if (length !== expected || (!range && start > 0)) throw new TruncatedError(length, expected)
  return { bytes: Buffer.concat(pieces), size, modified: answer.LastModified ?? new Date(0) }
}

/** A body that does not end is given up with its connection. */
async function* abortable(
  body: AsyncIterable<Uint8Array> & { destroy?: (error: Error) => void },
  { signal }: IdleWatch,
): AsyncGenerator<Uint8Array> {
  const give = () => body.destroy?.(new Error('The answer stopped in the middle.'))
  signal.addEventListener('abort', give, { once: true })
  try {
    yield* body
  } finally {
    signal.removeEventListener('abort', give)
  }
}

class TruncatedError extends Error {
  override readonly name = 'Truncated'

  constructor(length: number, expected: number) {
    super(`only ${length} of ${expected} bytes arrived`)
  }
}

class TooLongError extends Error {
  override readonly name = 'TooLong'

  constructor(expected: number) {
    super(`more than the expected ${expected} bytes arrived`)
  }
}

function cantRead(name: string, { label }: S3Source): string {
  return `${label}/${name} can't be read`
}
