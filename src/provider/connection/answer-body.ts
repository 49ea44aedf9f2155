import { AttemptError } from '../attempt-error.ts'
import { createByteMask } from '../scrub.ts'
import { headerText } from './answer-headers.ts'
import { ContentEncodingError, contentEncodings, decodeContent } from './content-encoding.ts'
import type { Answer } from './exchange.ts'
import { answerTooLarge, cutOff } from './transport-error.ts'

/** How much is read of an answer that brings no picture, in bytes. */
const START = 64 * 1024

export interface AnswerBodyOptions {
  /** For messages. */
  readonly label: string
  /** Largest answer, before and after it is decompressed, in bytes. */
  readonly answerBytes: number
  /** Masked wherever the answer repeats it. */
  readonly apiKey: string
}

/**
 * The bytes of an answer that may hold a picture, without their content encoding. Ends only when the
 * answer is complete: HTTP marks the end by a length, by chunks or, without either, by the end of the
 * connection, which has cut off the answer if it ends within JSON.
 * @throws AttemptError, and the connection's own error
 */
export async function* readAnswerBody(
  { headers, body }: Answer,
  { label, answerBytes, apiKey }: AnswerBodyOptions,
): AsyncGenerator<Uint8Array> {
  if (Number(headerText(headers, 'content-length') ?? 0) > answerBytes) {
    throw answerTooLarge(answerBytes, label)
  }
  const isFramed =
    headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  const mask = createByteMask(apiKey)
  const end = createEndCheck()
  let received = 0
  try {
    for await (const chunk of decodeContent(body, contentEncodings(headers))) {
      received += chunk.byteLength
      if (received > answerBytes) throw answerTooLarge(answerBytes, label)
      end.push(chunk)
      yield mask.push(chunk)
    }
    yield mask.end()
  } catch (failure) {
    if (!(failure instanceof ContentEncodingError)) throw failure
    yield mask.end()
    if (failure.cutOff && !isFramed) throw cutOff(label)
    throw unreadable(failure, label)
  }
  if (!isFramed && end.isInsideJson()) throw cutOff(label)
}

/**
 * The beginning of an answer that brings no picture, as text. An answer that breaks off still has a
 * status, which says most.
 * @param patience milliseconds for all of it: a refusal is short
 */
export async function readStart({ headers, body }: Answer, patience: number): Promise<string> {
  const until = performance.now() + patience
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of decodeContent(body, contentEncodings(headers))) {
      chunks.push(chunk)
      length += chunk.byteLength
      if (length >= START || performance.now() > until) break
    }
  } catch {
    // What came before is all there is.
  }
  return Buffer.concat(chunks).toString('utf8', 0, START)
}

function unreadable(cause: ContentEncodingError, label: string): AttemptError {
  return new AttemptError(
    `The answer of the API at ${label} cannot be read: ${cause.message}. The picture may have been made and billed.`,
    { code: 'UNREADABLE_ANSWER', outcome: 'unusable', retryable: false, cause },
  )
}

/** Tells whether bytes that have ended are JSON that was cut off. */
function createEndCheck() {
  let first: number | undefined
  let last: number | undefined
  return {
    push(chunk: Uint8Array): void {
      first ??= chunk.find(isVisible)
      last = chunk.findLast(isVisible) ?? last
    },
    isInsideJson: () => first === 0x7b && last !== 0x7d,
  }
}

function isVisible(byte: number): boolean {
  return byte > 0x20
}
