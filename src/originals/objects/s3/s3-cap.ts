import { Readable } from 'node:stream'
import { isRecord } from '../../../system/is-record.ts'
import type { S3Client } from './s3-sdk.ts'

/** Bytes. A page of a listing has 1,000 names of at most 1 KiB each. */
const LARGEST_ANSWER = 4 * 1024 * 1024

/**
 * Bounds the answers that the SDK takes into memory: listings and errors. The bytes of objects are
 * streamed, and bounded where they are read.
 */
export function capAnswers({ middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next, { commandName }) =>
      async args => {
        const result = await next(args)
        const { response } = result
        if (!isAnswer(response)) return result
        if (commandName === 'GetObjectCommand' && response.statusCode < 300) return result
        response.body = Readable.from([await readCapped(response.body)])
        return result
      },
    // Just before the SDK reads the answer.
    { step: 'deserialize', priority: 'low', name: 'capAnswers' },
  )
}

async function readCapped(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  // Leaving the loop ends the connection.
  for await (const piece of body) {
    length += piece.length
    if (length > LARGEST_ANSWER) throw new TooLargeError()
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

class TooLargeError extends Error {
  override readonly name = 'TooLarge'

  constructor() {
    super(`an answer of more than ${LARGEST_ANSWER} bytes`)
  }
}

function isAnswer(value: unknown): value is { statusCode: number; body: Readable } {
  return isRecord(value) && typeof value.statusCode === 'number' && value.body instanceof Readable
}
