import { createGrowingBuffer, type GrowingBuffer, reserve } from './growing-buffer.ts'

/** Decodes base64 that comes in pieces of any length. */
export interface Base64Decoder {
  /**
   * Takes the next characters, one a byte.
   * @throws InvalidBase64
   */
  push(characters: Buffer): void
  /**
   * Takes the end of the text.
   * @throws InvalidBase64 when it ends inside a byte
   */
  end(): void
  /** The bytes that were complete since the last time. What is pushed next overwrites them. */
  take(): Buffer
}

/** `offset` counts characters of the text, from 0. */
export class InvalidBase64 extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'InvalidBase64'
    this.offset = offset
  }
}

const LETTERS = /^[A-Za-z0-9+/_-]*$/
const PADDING = 0x3d
const LONGEST_PREFIX = 1024
/** Characters that are decoded in one go: so few that their text stays in the processor's cache. */
const STRETCH = 16 * 1024

interface DecoderState {
  /** What may be a prefix; undefined once that is decided. */
  head: string | undefined
  /** Fewer than four letters, waiting for the rest of their group. */
  carry: string
  padded: boolean
  offset: number
  /** One for all pieces: a large picture would leave many behind for collection. */
  readonly decoded: GrowingBuffer
}

/**
 * Accepts both alphabets, with or without padding; skips white space, and cuts off a
 * `data:…;base64,` prefix.
 */
export function createBase64Decoder(): Base64Decoder {
  const decoded = createGrowingBuffer()
  const state: DecoderState = { head: '', carry: '', padded: false, offset: 0, decoded }
  return {
    push(characters) {
      if (state.head === undefined) decode(state, characters)
      else cutPrefix(state, state.head + characters.toString('latin1'))
    },
    end() {
      if (state.head !== undefined) decode(state, Buffer.from(state.head, 'latin1'))
      state.head = undefined
      if (state.carry.length === 1) {
        throw new InvalidBase64('The base64 text is incomplete', state.offset)
      }
      append(decoded, state.carry)
      state.carry = ''
    },
    take() {
      const taken = decoded.bytes.subarray(0, decoded.length)
      decoded.length = 0
      return taken
    },
  }
}

/** @param start all characters so far */
function cutPrefix(state: DecoderState, start: string): void {
  const hasPrefix = /^data:/i.test(start)
  const comma = start.indexOf(',')
  const isOpen = hasPrefix
    ? comma === -1 && start.length < LONGEST_PREFIX
    : start.length < 'data:'.length
  if (isOpen) {
    state.head = start
    return
  }
  if (hasPrefix && !/;base64$/i.test(start.slice(0, Math.max(comma, 0)))) {
    throw new InvalidBase64('The data: prefix does not name base64', 0)
  }
  state.head = undefined
  state.offset = hasPrefix ? comma + 1 : 0
  decode(state, Buffer.from(start.slice(state.offset), 'latin1'))
}

function decode(state: DecoderState, characters: Buffer): void {
  const end = state.padded ? 0 : characters.indexOf(PADDING)
  const plain = end === -1 ? characters : characters.subarray(0, end)
  if (!decodeLetters(state, plain)) decodeCarefully(state, plain.toString('latin1'))
  if (end !== -1) decodeCarefully(state, characters.toString('latin1', end))
}

/** Decodes characters that are all letters. Returns false, and takes none, when they are not. */
function decodeLetters(state: DecoderState, characters: Buffer): boolean {
  const { carry, decoded } = state
  const before = decoded.length
  const start = carry === '' ? 0 : 4 - carry.length
  const end = characters.length - ((characters.length - start) % 4)
  if (end < start) return false
  const first = start === 0 ? '' : carry + characters.toString('latin1', 0, start)
  const rest = characters.toString('latin1', end)
  // The runtime's decoder is fast, but skips other characters: fewer bytes give that away.
  let added = append(decoded, first)
  for (let at = start; at < end; at += STRETCH) {
    added += append(decoded, characters.toString('latin1', at, Math.min(at + STRETCH, end)))
  }
  if (added === ((first.length + end - start) / 4) * 3 && LETTERS.test(rest)) {
    state.carry = rest
    state.offset += characters.length
    return true
  }
  decoded.length = before
  return false
}

function decodeCarefully(state: DecoderState, text: string): void {
  let letters = state.carry
  for (const character of text) {
    if (LETTERS.test(character) && !state.padded) letters += character
    else if (character === '=') state.padded = true
    else if (!/\s/.test(character)) {
      throw new InvalidBase64(`${JSON.stringify(character)} is not base64`, state.offset)
    }
    state.offset++
  }
  const groups = letters.length - (letters.length % 4)
  state.carry = letters.slice(groups)
  append(state.decoded, letters.slice(0, groups))
}

/** Decodes letters; returns how many bytes they gave. */
function append(decoded: GrowingBuffer, letters: string): number {
  reserve(decoded, Math.ceil(letters.length / 4) * 3)
  const added = decoded.bytes.write(letters, decoded.length, 'base64')
  decoded.length += added
  return added
}
