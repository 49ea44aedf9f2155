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
/** Deep enough for whatever an API says; what is deeper would break those who write it down. */
const DEEPEST = 100
const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

type Container = 'object' | 'array'
/** Where the bytes of the current string go. */
type StringKind = 'name' | 'kept' | 'picture' | 'skipped'

/**
 * Knows just enough of JSON to follow brackets and strings. Whether the rest is valid JSON is
 * left to whoever parses it: it is short.
 */
export function createAnswerScanner({ onPicture, keep }: AnswerScannerOptions): AnswerScanner {
  const kept = createKeptText(keep)
  let picture: AnswerScanner['picture'] = 'none'
  let depth = 0
  let tooDeep = false
  /** Of the three outermost levels, where the picture's path runs. */
  const containers: (Container | undefined)[] = []
  /** The member that is being read, on the levels of the answer and of a picture. */
  const members: (string | undefined)[] = []
  let index = 0
  let pictureIndex = 0
  let expectsName = false

  let string: StringKind | undefined
  /** The characters of an escape sequence so far, beginning with its backslash. */
  let sequence = ''
  let name: number[] = []

  function open(container: Container): void {
    depth++
    if (depth > DEEPEST) tooDeep = true
    containers[depth] = depth <= 3 ? container : undefined
    members[depth] = undefined
    if (depth === 2) index = 0
    expectsName = depth <= 3 && container === 'object'
  }

  function isPicturePath(): boolean {
    return (
      depth === 3 &&
      containers[1] === 'object' &&
      members[1] === 'data' &&
      containers[2] === 'array' &&
      containers[3] === 'object' &&
      members[3] === 'b64_json'
    )
  }

  function openString(): void {
    if (expectsName) {
      string = 'name'
      name = [QUOTE]
    } else if (!isPicturePath()) {
      string = 'kept'
    } else if (picture === 'none') {
      string = 'picture'
      pictureIndex = index
      picture = 'open'
    } else {
      string = 'skipped'
    }
  }

  function closeString(): void {
    if (string === 'picture') picture = 'closed'
    if (string === 'name') members[depth] = parseName(name)
    if (string === 'picture' || string === 'skipped') kept.append(Buffer.from('""'))
    string = undefined
  }

  /** Reads structure up to and including the quote that opens a string; returns where it stopped. */
  function scanStructure(chunk: Buffer, from: number): number {
    let at = from
    while (at < chunk.length && string === undefined) {
      const byte = chunk[at++]
      if (byte === QUOTE) openString()
      else if (byte === 0x7b) open('object')
      else if (byte === 0x5b) open('array')
      else if (byte === 0x7d || byte === 0x5d) {
        depth--
        expectsName = false
      } else if (byte === 0x2c) {
        if (depth === 2) index++
        expectsName = containers[depth] === 'object' && depth <= 3
      } else if (byte === 0x3a) expectsName = false
    }
    const opensPicture = string === 'picture' || string === 'skipped'
    kept.append(chunk.subarray(from, opensPicture ? at - 1 : at))
    return at
  }

  /** Reads a string up to and including its closing quote; returns where it stopped. */
  function scanString(chunk: Buffer, from: number): number {
    let at = from
    let quote = -2
    while (at < chunk.length && string !== undefined) {
      if (sequence !== '') {
        at = scanEscape(chunk, at)
        continue
      }
      if (quote < at && quote !== -1) quote = chunk.indexOf(QUOTE, at)
      const limit = quote === -1 ? chunk.length : quote
      const backslash = chunk.subarray(at, limit).indexOf(BACKSLASH)
      const end = backslash === -1 ? limit : at + backslash
      take(chunk.subarray(at, end))
      at = end
      if (backslash !== -1) {
        sequence = '\\'
        at++
      } else if (quote !== -1) {
        if (string === 'name' || string === 'kept') take(chunk.subarray(at, at + 1))
        closeString()
        at++
      }
    }
    return at
  }

  function scanEscape(chunk: Buffer, from: number): number {
    sequence += String.fromCharCode(chunk[from] ?? 0)
    if (sequence.length === (sequence[1] === 'u' ? 6 : 2)) {
      take(Buffer.from(string === 'picture' ? resolveEscape(sequence) : sequence, 'latin1'))
      sequence = ''
    }
    return from + 1
  }

  function take(bytes: Buffer): void {
    if (bytes.length === 0 || string === 'skipped') return
    if (string === 'picture') onPicture(bytes)
    else kept.append(bytes)
    if (string === 'name' && name.length < 64) name.push(...bytes.subarray(0, 64))
  }

  return {
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        at = string === undefined ? scanStructure(chunk, at) : scanString(chunk, at)
      }
    },
    get rest() {
      return kept.text().replace(/^\uFEFF/, '')
    },
    get cut() {
      return kept.full || tooDeep
    },
    get picture() {
      return picture
    },
    get index() {
      return pictureIndex
    },
    get balanced() {
      return depth === 0 && string === undefined
    },
  }
}

/** The text of an escape sequence; of one that JSON does not know, a character that is no base64. */
function resolveEscape(sequence: string): string {
  const [, kind = ''] = sequence
  if (kind !== 'u') return SHORT_ESCAPES[kind] ?? (/["\\/]/.test(kind) ? kind : '\\')
  const code = /^[0-9a-f]{4}$/i.test(sequence.slice(2)) ? Number.parseInt(sequence.slice(2), 16) : 0
  return code < 0x100 ? String.fromCharCode(code) : '\\'
}

/** A member's name from its source with quotes; of a broken one, undefined. */
function parseName(source: readonly number[]): string | undefined {
  try {
    const name: unknown = JSON.parse(Buffer.from(source).toString())
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}

/** Grows as needed up to a limit; what does not fit any more is dropped. */
function createKeptText(limit: number) {
  let buffer = Buffer.alloc(Math.min(4096, limit))
  let length = 0
  let full = false
  return {
    append(bytes: Buffer): void {
      if (full || bytes.length === 0) return
      if (length + bytes.length > limit) {
        full = true
        return
      }
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.alloc(
          Math.min(limit, Math.max(buffer.length * 2, length + bytes.length)),
        )
        buffer.copy(larger)
        buffer = larger
      }
      bytes.copy(buffer, length)
      length += bytes.length
    },
    text: () => buffer.toString('utf8', 0, length),
    get full() {
      return full
    },
  }
}
