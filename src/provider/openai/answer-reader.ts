import { SNIFFED_BYTES, sniffFormat } from '../../plan/sniff-format.ts'
import { AttemptError } from '../attempt-error.ts'
import { answerTooLarge } from '../connection/transport-error.ts'
import type { AnswerContent, AnswerReader } from '../provider.ts'
import { type AnswerContext, classifyFaultInside } from './answer-error.ts'
import { answerPictures, collectFacts, describeLack, parseRest } from './answer-facts.ts'
import { type AnswerScanner, createAnswerScanner } from './answer-scanner.ts'
import { parseApiFault } from './api-fault.ts'
import { createPictureDecoder, type PictureDecoder } from './picture-decoder.ts'

export interface AnswerReaderOptions extends AnswerContext {
  /** Largest answer, in bytes. */
  readonly answerBytes: number
  /** Is masked where the picture's metadata repeats it. */
  readonly apiKey: string
}

/** How much is kept beside the picture, in bytes of JSON. */
const FACTS_LIMIT = 1024 * 1024

interface ReaderState {
  readonly options: AnswerReaderOptions
  readonly scanner: AnswerScanner
  readonly picture: PictureDecoder
  /** Bytes of the answer so far. */
  answered: number
  /** `unknown` until the first bytes say whether the body is a picture itself. */
  form: 'unknown' | 'json' | 'picture'
  /** The first bytes, until the form is known. */
  head: Buffer
}

/**
 * Reads `{ "data": [{ "b64_json": … }] }` piece by piece. A picture as the body itself counts as
 * well, and the address of one is handed on. The answer may have been billed: once the picture's
 * string has come whole, the picture counts, whatever stands around it. Other faults are reported
 * at the end, so that the raw answer can be kept in full.
 */
export function createAnswerReader(options: AnswerReaderOptions): AnswerReader {
  const picture = createPictureDecoder(options.apiKey)
  const state: ReaderState = {
    options,
    scanner: createAnswerScanner({ onPicture: picture.push, keep: FACTS_LIMIT }),
    picture,
    answered: 0,
    form: 'unknown',
    head: Buffer.alloc(0),
  }
  return {
    push: chunk => read(state, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)),
    end: () => conclude(state),
    isDelimited: () => state.form !== 'picture',
  }
}

function read(state: ReaderState, chunk: Buffer): Uint8Array {
  const { answerBytes, label } = state.options
  state.answered += chunk.byteLength
  if (state.answered > answerBytes) throw answerTooLarge(answerBytes, label)
  const bytes = state.form === 'unknown' ? tellForm(state, chunk) : chunk
  if (state.form === 'picture') return bytes
  state.scanner.push(bytes)
  return state.scanner.picture === 'closed' ? state.picture.end() : state.picture.take()
}

/** Returns all bytes so far once they tell the form, and nothing before. */
function tellForm(state: ReaderState, chunk: Buffer): Buffer {
  const head = Buffer.concat([state.head, chunk])
  state.head = head
  if (sniffFormat(head)) state.form = 'picture'
  else if (head.length >= SNIFFED_BYTES || /^\s*[{[]/.test(head.toString('latin1'))) {
    state.form = 'json'
  }
  return state.form === 'unknown' ? Buffer.alloc(0) : head
}

function conclude(state: ReaderState): AnswerContent {
  const { options, scanner, picture, form, head } = state
  if (form === 'picture') return { facts: {} }
  if (form === 'unknown') scanner.push(head)
  if (picture.fault) {
    const { message, offset } = picture.fault
    throw unreadable(state, `${message}, at offset ${offset} of data[${scanner.index}].b64_json`)
  }
  const answer = parseRest(scanner, options.scrub)
  const pictures = answerPictures(answer)
  if (scanner.picture === 'closed' && picture.size > 0) {
    return { facts: collectFacts(answer, pictures[scanner.index], scanner) }
  }
  const linked = pictures.find(({ url }) => typeof url === 'string' && url !== '')
  if (linked) return { facts: collectFacts(answer, linked, scanner), link: String(linked.url) }
  const fault = parseApiFault(answer)
  if (fault) throw classifyFaultInside(fault, options)
  throw unreadable(state, state.answered === 0 ? 'it is empty' : describeLack(answer, scanner))
}

function unreadable({ options, picture }: ReaderState, problem: string): AttemptError {
  const { label, scrub } = options
  return new AttemptError(
    scrub(
      `The answer of the API at ${label} cannot be read: ${problem}. The picture may have been made and billed.`,
    ),
    { code: 'UNREADABLE_ANSWER', outcome: 'unusable', retryable: false, cause: picture.fault },
  )
}
