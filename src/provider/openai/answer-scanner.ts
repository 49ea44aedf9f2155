import {
  type AnswerPosition,
  createAnswerPosition,
  enterMember,
  isPicturePath,
  passByte,
} from './answer-position.ts'
import { createGrowingBuffer, type GrowingBuffer, reserve } from './growing-buffer.ts'

/** Walks through an answer of any size once, and tells its picture from the rest. */
export interface AnswerScanner {
  push(chunk: Buffer): void
  /** The answer without its pictures: JSON text in which each picture is an empty string. */
  readonly rest: string
  /** True when something of the rest was left out because it was too long or too deeply nested. */
  readonly cut: boolean
  /** Which entry of `data` the picture is of, from 0. */
  readonly index: number
  /** `none`: no `data[…].b64_json` came; `open`: it began; `closed`: its closing quote came. */
  readonly picture: 'none' | 'open' | 'closed'
  /** True once every bracket and quote that was opened is closed. */
  readonly balanced: boolean
}

export interface AnswerScannerOptions {
  /** Gets the characters of the first string `data[…].b64_json`, one a byte, escapes resolved. */
  readonly onPicture: (characters: Buffer) => void
  /** How much of the rest is kept, in bytes. */
  readonly keep: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
/** Beyond this many characters a member's name is none that the path has. */
const LONGEST_NAME = 64
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Where the bytes of the current string go. */
type StringKind = 'name' | 'kept' | 'picture' | 'skipped'

interface ScannerState {
  readonly options: AnswerScannerOptions
  readonly position: AnswerPosition
  readonly kept: GrowingBuffer
  /** True once something did not fit into what is kept. */
  full: boolean
  picture: AnswerScanner['picture']
  pictureIndex: number
  /** Undefined between strings. */
  string: StringKind | undefined
  /** The characters of an escape sequence so far, beginning with its backslash. */
  sequence: string
  name: number[]
}

/**
 * Knows just enough of JSON to follow brackets and strings. The rest is short; its parser decides
 * whether it is valid JSON.
 */
export function createAnswerScanner(options: AnswerScannerOptions): AnswerScanner {
  const state: ScannerState = {
    options,
    position: createAnswerPosition(),
    kept: createGrowingBuffer(),
    full: false,
    picture: 'none',
    pictureIndex: 0,
    string: undefined,
    sequence: '',
    name: [],
  }
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        at =
          state.string === undefined
            ? scanStructure(state, chunk, at)
            : scanString(state, chunk, at)
      }
    },
    get rest() {
      return state.kept.bytes.toString('utf8', 0, state.kept.length).replace(/^\uFEFF/, '')
    },
    get cut() {
      return state.full || state.position.tooDeep
    },
    get picture() {
      return state.picture
    },
    get index() {
      return state.pictureIndex
    },
    get balanced() {
      return state.position.depth === 0 && state.string === undefined
    },
  }
}

/** Reads structure up to and including the quote that opens a string; returns where it stopped. */
function scanStructure(state: ScannerState, chunk: Buffer, from: number): number {
  let at = from
  while (at < chunk.length && state.string === undefined) {
    const byte = chunk[at++]
    if (byte === QUOTE) openString(state)
    else passByte(state.position, byte)
  }
  const opensPicture = state.string === 'picture' || state.string === 'skipped'
  keep(state, chunk.subarray(from, opensPicture ? at - 1 : at))
  return at
}

function openString(state: ScannerState): void {
  if (state.position.expectsName) {
    state.string = 'name'
    state.name = [QUOTE]
  } else if (!isPicturePath(state.position)) {
    state.string = 'kept'
  } else if (state.picture === 'none') {
    state.string = 'picture'
    state.pictureIndex = state.position.index
    state.picture = 'open'
  } else {
    state.string = 'skipped'
  }
}

/** Reads a string up to and including its closing quote; returns where it stopped. */
function scanString(state: ScannerState, chunk: Buffer, from: number): number {
  let at = from
  let quote = -2
  while (at < chunk.length && state.string !== undefined) {
    if (state.sequence !== '') {
      scanEscape(state, chunk[at++] ?? 0)
      continue
    }
    if (quote < at && quote !== -1) quote = chunk.indexOf(QUOTE, at)
    const limit = quote === -1 ? chunk.length : quote
    const backslash = chunk.subarray(at, limit).indexOf(BACKSLASH)
    const end = backslash === -1 ? limit : at + backslash
    take(state, chunk.subarray(at, end))
    at = end
    if (backslash !== -1) {
      state.sequence = '\\'
      at++
    } else if (quote !== -1) {
      closeString(state)
      at++
    }
  }
  return at
}

function scanEscape(state: ScannerState, byte: number): void {
  state.sequence += String.fromCharCode(byte)
  if (state.sequence.length < (state.sequence[1] === 'u' ? 6 : 2)) return
  const isPicture = state.string === 'picture'
  take(state, Buffer.from(isPicture ? resolveEscape(state.sequence) : state.sequence, 'latin1'))
  state.sequence = ''
}

function take(state: ScannerState, bytes: Buffer): void {
  if (bytes.length === 0 || state.string === 'skipped') return
  if (state.string === 'picture') state.options.onPicture(bytes)
  else keep(state, bytes)
  if (state.string === 'name' && state.name.length < LONGEST_NAME) {
    state.name.push(...bytes.subarray(0, LONGEST_NAME))
  }
}

function closeString(state: ScannerState): void {
  const { string, position } = state
  if (string === 'name') enterMember(position, Uint8Array.of(...state.name, QUOTE))
  if (string === 'picture') state.picture = 'closed'
  keep(state, Buffer.from(string === 'picture' || string === 'skipped' ? '""' : '"'))
  state.string = undefined
}

function keep(state: ScannerState, bytes: Buffer): void {
  const { kept, options } = state
  if (kept.length + bytes.length > options.keep) state.full = true
  if (state.full) return
  reserve(kept, bytes.length)
  bytes.copy(kept.bytes, kept.length)
  kept.length += bytes.length
}

/** The text of an escape sequence; of an invalid one, a character that base64 does not have. */
function resolveEscape(sequence: string): string {
  const [, kind = ''] = sequence
  if (kind !== 'u') return SHORT_ESCAPES[kind] ?? (/["\\/]/.test(kind) ? kind : '\\')
  const code = /^[0-9a-f]{4}$/i.test(sequence.slice(2)) ? Number.parseInt(sequence.slice(2), 16) : 0
  return code < 0x100 ? String.fromCharCode(code) : '\\'
}
