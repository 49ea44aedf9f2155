import { type AnswerContext, classifyFaultInside } from './answer-error.ts'
import { createAnswerScanner } from './answer-scanner.ts'
import { parseApiFault, plainText } from './api-fault.ts'
import { AttemptError } from './attempt-error.ts'
import { createBase64Decoder, InvalidBase64 } from './base64-decoder.ts'
import type { AnswerFacts, AnswerReader } from './provider.ts'
import { answerTooLarge } from './transport-error.ts'

export interface AnswerReaderOptions extends AnswerContext {
  /** Largest answer, in bytes. */
  readonly answerBytes: number
}

/** What is kept beside the picture, in bytes of JSON. */
const FACTS_LIMIT = 1024 * 1024

/**
 * Reads `{ "data": [{ "b64_json": … }] }` piece by piece. The answer was paid for: once the
 * string of the picture has come whole, the picture counts, whatever stands around it. What is
 * wrong otherwise is told at the end, so that the raw answer can be kept in full.
 */
export function createAnswerReader(options: AnswerReaderOptions): AnswerReader {
  const { answerBytes, label, scrub } = options
  const decoder = createBase64Decoder()
  let pictureBytes = 0
  let answered = 0
  let invalid: InvalidBase64 | undefined

  const scanner = createAnswerScanner({ onPicture: decode, keep: FACTS_LIMIT })

  function decode(characters: Buffer): void {
    if (invalid) return
    try {
      decoder.push(characters)
    } catch (error) {
      invalid = asInvalidBase64(error)
    }
  }

  let finished = false
  function finishPicture(): void {
    if (finished || scanner.picture !== 'closed') return
    finished = true
    if (invalid) return
    try {
      decoder.end()
    } catch (error) {
      invalid = asInvalidBase64(error)
    }
  }

  function unreadable(problem: string): AttemptError {
    return new AttemptError(
      scrub(
        `The answer of the API at ${label} cannot be read: ${problem}. The picture may have been made and billed.`,
      ),
      { code: 'UNREADABLE_ANSWER', outcome: 'unusable', retryable: false, cause: invalid },
    )
  }

  return {
    push(chunk) {
      answered += chunk.byteLength
      if (answered > answerBytes) throw answerTooLarge(answerBytes, label)
      scanner.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      finishPicture()
      const bytes = decoder.take()
      pictureBytes += bytes.length
      return bytes
    },
    end() {
      if (invalid) {
        throw unreadable(`${invalid.message}, at offset ${invalid.offset} of data[0].b64_json`)
      }
      const answer = parseRest(scanner.rest, text => scrub(text))
      if (scanner.picture === 'closed' && pictureBytes > 0) {
        return collectFacts(answer, scanner.cut)
      }
      const fault = parseApiFault(answer)
      if (fault) throw classifyFaultInside(fault, options)
      throw unreadable(describeLack(answer))
    },
  }

  function describeLack(answer: unknown): string {
    if (answered === 0) return 'it is empty'
    if (scanner.picture === 'closed') return 'data[0].b64_json is an empty string'
    if (scanner.picture === 'open') return 'it ends inside the picture'
    if (answer === undefined) {
      const start = scanner.rest.trimStart()
      if (start.startsWith('{') && !scanner.balanced) return 'it ends before the picture'
      return `it is no JSON but begins with “${plainText(start) || start.slice(0, 80)}”`
    }
    const { data } = isRecord(answer) ? answer : {}
    if (!Array.isArray(data)) return 'it has no list `data`'
    if (data.length === 0) return 'its list `data` is empty'
    const names = isRecord(data[0]) ? Object.keys(data[0]).join(', ') : ''
    return `data[0] has no string b64_json${names ? `, only ${names.slice(0, 200)}` : ''}`
  }
}

/** The answer's other fields, those of the picture beside those of the answer. */
function collectFacts(answer: unknown, cut: boolean): AnswerFacts {
  const { data, ...ofAnswer } = isRecord(answer) ? answer : {}
  const pictures: readonly unknown[] = Array.isArray(data) ? data : []
  const { b64_json: _, ...ofPicture } = isRecord(pictures[0]) ? pictures[0] : {}
  const warnings: string[] = []
  if (pictures.length > 1) {
    warnings.push(`The answer holds ${pictures.length} pictures; the first is kept.`)
  }
  if (answer === undefined) {
    const why = cut ? 'say too much' : 'are no whole JSON'
    warnings.push(`The fields beside the picture ${why} and are not kept.`)
  }
  return { ...ofAnswer, ...ofPicture, ...(warnings.length > 0 ? { warnings } : {}) }
}

function parseRest(rest: string, scrub: (text: string) => string): unknown {
  try {
    return JSON.parse(rest, (_name, value) => (typeof value === 'string' ? scrub(value) : value))
  } catch {
    return undefined
  }
}

function asInvalidBase64(error: unknown): InvalidBase64 {
  if (error instanceof InvalidBase64) return error
  throw error
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
