import { SNIFFED_BYTES, sniffFormat } from '../../plan/sniff-format.ts'
import { isRecord } from '../../system/is-record.ts'
import { AttemptError } from '../attempt-error.ts'
import { answerTooLarge } from '../connection/transport-error.ts'
import type { AnswerContent, AnswerReader } from '../provider.ts'
import { createByteMask, type Scrub } from '../scrub.ts'
import { type AnswerContext, classifyFaultInside } from './answer-error.ts'
import { createAnswerScanner } from './answer-scanner.ts'
import { parseApiFault, plainText } from './api-fault.ts'
import { createBase64Decoder, InvalidBase64 } from './base64-decoder.ts'

export interface AnswerReaderOptions extends AnswerContext {
  /** Largest answer, in bytes. */
  readonly answerBytes: number
  /** Is masked where the picture's metadata repeats it. */
  readonly apiKey: string
}

const NOTHING = new Uint8Array()

/** What is kept beside the picture, in bytes of JSON. */
const FACTS_LIMIT = 1024 * 1024

/**
 * Reads `{ "data": [{ "b64_json": … }] }` piece by piece; a picture as the body itself counts as
 * well, and the address of one is handed on. The answer was paid for: once the
 * string of the picture has come whole, the picture counts, whatever stands around it. What is
 * wrong otherwise is told at the end, so that the raw answer can be kept in full.
 */
export function createAnswerReader(options: AnswerReaderOptions): AnswerReader {
  const { answerBytes, apiKey, label, scrub } = options
  const decoder = createBase64Decoder()
  const mask = createByteMask(apiKey)
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
  /** Returns the picture's last bytes, once its text has come whole. */
  function finishPicture(): Uint8Array {
    if (finished || scanner.picture !== 'closed') return NOTHING
    finished = true
    if (invalid) return NOTHING
    try {
      decoder.end()
      return Buffer.concat([mask.push(decoder.take()), mask.end()])
    } catch (error) {
      invalid = asInvalidBase64(error)
      return NOTHING
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

  /** The first bytes, until they say whether the body is a picture itself. */
  let head: Buffer = Buffer.alloc(0)
  let form: 'unknown' | 'json' | 'picture' = 'unknown'

  /** Returns what may be read now in the form that is known by then. */
  function tellForm(chunk: Buffer): Buffer {
    if (form !== 'unknown') return chunk
    head = Buffer.concat([head, chunk])
    if (sniffFormat(head)) form = 'picture'
    else if (head.length >= SNIFFED_BYTES || /^\s*[{[]/.test(head.toString('latin1'))) form = 'json'
    return form === 'unknown' ? Buffer.alloc(0) : head
  }

  function readJson(chunk: Buffer): Uint8Array {
    scanner.push(chunk)
    const last = finishPicture()
    const bytes = last.length > 0 ? last : mask.push(decoder.take())
    pictureBytes += bytes.length
    return bytes
  }

  return {
    push(chunk) {
      answered += chunk.byteLength
      if (answered > answerBytes) throw answerTooLarge(answerBytes, label)
      const bytes = tellForm(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      return form === 'picture' ? bytes : readJson(bytes)
    },
    end() {
      if (form === 'picture') return { facts: {} }
      if (form === 'unknown') scanner.push(head)
      if (invalid) {
        throw unreadable(
          `${invalid.message}, at offset ${invalid.offset} of data[${scanner.index}].b64_json`,
        )
      }
      const answer = parseRest(scanner.rest, scrub)
      const pictures = picturesOf(answer)
      if (scanner.picture === 'closed' && pictureBytes > 0) {
        return { facts: collectFacts(answer, pictures[scanner.index], scanner.cut) }
      }
      const linked = pictures.find(({ url }) => typeof url === 'string' && url !== '')
      if (linked) {
        return { facts: collectFacts(answer, linked, scanner.cut), link: String(linked.url) }
      }
      const fault = parseApiFault(answer)
      if (fault) throw classifyFaultInside(fault, options)
      throw unreadable(describeLack(answer))
    },
  }

  function describeLack(answer: unknown): string {
    if (answered === 0) return 'it is empty'
    if (scanner.picture === 'closed') return `data[${scanner.index}].b64_json is an empty string`
    if (scanner.picture === 'open') return 'it ends inside the picture'
    if (answer === undefined) {
      const start = scanner.rest.trimStart()
      if (start.startsWith('{') && !scanner.balanced) return 'it ends before the picture'
      return `it is no JSON but begins with “${plainText(start) || start.slice(0, 80)}”. A page in place of an answer is of a proxy, a login or another server: check provider.baseURL, and what lies on the way to it`
    }
    const { data } = isRecord(answer) ? answer : {}
    const task = isRecord(answer) ? (answer.task_id ?? answer.taskId ?? answer.id) : undefined
    if (!Array.isArray(data) && (typeof task === 'string' || typeof task === 'number')) {
      return `it names a task (${String(task).slice(0, 100)}) instead of a picture. Such an API makes pictures later and is asked for them by other requests, which is not supported: set provider.baseURL to one that answers with the picture`
    }
    if (!Array.isArray(data)) return 'it has no list `data`'
    if (data.length === 0) return 'its list `data` is empty'
    const names = isRecord(data[0]) ? Object.keys(data[0]).join(', ') : ''
    return `data[0] has no string b64_json${names ? `, only ${names.slice(0, 200)}` : ''}`
  }
}

/** The answer's other fields, those of the picture beside those of the answer. */
function collectFacts(
  answer: unknown,
  picture: Readonly<Record<string, unknown>> = {},
  cut: boolean,
): AnswerContent['facts'] {
  const { data: _, ...ofAnswer } = isRecord(answer) ? answer : {}
  const { b64_json: __, url: ___, ...ofPicture } = picture
  const warnings: string[] = []
  const several = picturesOf(answer).filter(one => typeof (one.b64_json ?? one.url) === 'string')
  if (several.length > 1) {
    warnings.push(`The answer holds ${several.length} pictures; the first is kept.`)
  }
  if (answer === undefined) {
    const why = cut ? 'say too much' : 'are no whole JSON'
    warnings.push(`The fields beside the picture ${why} and are not kept.`)
  }
  return { ...ofAnswer, ...ofPicture, ...(warnings.length > 0 ? { warnings } : {}) }
}

/** The entries of `data` at their places; what is no object there says nothing. */
function picturesOf(answer: unknown): readonly Readonly<Record<string, unknown>>[] {
  const data = isRecord(answer) && Array.isArray(answer.data) ? answer.data : []
  return data.map((entry: unknown) => (isRecord(entry) ? entry : {}))
}

function parseRest(rest: string, scrub: Scrub): unknown {
  try {
    return scrubbed(JSON.parse(rest), scrub)
  } catch {
    return undefined
  }
}

/** The same value without the key in its texts and in the names of its fields. */
function scrubbed(value: unknown, scrub: Scrub): unknown {
  if (typeof value === 'string') return scrub(value)
  if (Array.isArray(value)) return value.map(item => scrubbed(item, scrub))
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [scrub(name), scrubbed(field, scrub)]),
  )
}

function asInvalidBase64(error: unknown): InvalidBase64 {
  if (error instanceof InvalidBase64) return error
  throw error
}
