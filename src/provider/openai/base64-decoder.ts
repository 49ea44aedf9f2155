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
/** Characters that are decoded in one go: so few that their text stays in the cache of the processor. */
const STRETCH = 16 * 1024

/**
 * Both alphabets, with or without padding; white space is passed over, and a `data:…;base64,`
 * prefix is cut off.
 */
export function createBase64Decoder(): Base64Decoder {
  /** What may be a prefix; undefined once that is decided. */
  let head: string | undefined = ''
  /** Fewer than four letters, waiting for the rest of their group. */
  let carry = ''
  let padded = false
  let offset = 0
  /** One for all pieces: a picture of many megabytes would leave as many behind for collection. */
  let decoded = Buffer.allocUnsafeSlow(0)
  let length = 0

  /** Returns how many bytes the letters gave. */
  function append(letters: string): number {
    const needed = length + Math.ceil(letters.length / 4) * 3
    if (needed > decoded.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, decoded.length * 2))
      decoded.copy(larger, 0, 0, length)
      decoded = larger
    }
    const added = decoded.write(letters, length, 'base64')
    length += added
    return added
  }

  function decode(characters: Buffer): void {
    const end = padded ? 0 : characters.indexOf(PADDING)
    const plain = end === -1 ? characters : characters.subarray(0, end)
    if (!decodeLetters(plain)) decodeCarefully(plain.toString('latin1'))
    if (end !== -1) decodeCarefully(characters.toString('latin1', end))
  }

  /** Letters alone, or nothing at all. */
  function decodeLetters(characters: Buffer): boolean {
    const before = length
    const start = carry === '' ? 0 : 4 - carry.length
    const end = characters.length - ((characters.length - start) % 4)
    if (end < start) return false
    const first = start === 0 ? '' : carry + characters.toString('latin1', 0, start)
    const rest = characters.toString('latin1', end)
    // The runtime's decoder is fast, but skips what is no letter: fewer bytes give that away.
    let added = append(first)
    for (let at = start; at < end; at += STRETCH) {
      added += append(characters.toString('latin1', at, Math.min(at + STRETCH, end)))
    }
    if (added === ((first.length + end - start) / 4) * 3 && LETTERS.test(rest)) {
      carry = rest
      offset += characters.length
      return true
    }
    length = before
    return false
  }

  function decodeCarefully(text: string): void {
    let letters = carry
    for (const character of text) {
      if (LETTERS.test(character) && !padded) letters += character
      else if (character === '=') padded = true
      else if (!/\s/.test(character)) {
        throw new InvalidBase64(`${JSON.stringify(character)} is no base64`, offset)
      }
      offset++
    }
    const groups = letters.length - (letters.length % 4)
    carry = letters.slice(groups)
    append(letters.slice(0, groups))
  }

  function cutPrefix(text: string): void {
    const start = (head ?? '') + text
    if (start.length < 'data:'.length) {
      head = start
      return
    }
    if (!/^data:/i.test(start)) {
      head = undefined
      decode(Buffer.from(start, 'latin1'))
      return
    }
    const comma = start.indexOf(',')
    if (comma === -1 && start.length < LONGEST_PREFIX) {
      head = start
      return
    }
    if (!/;base64$/i.test(start.slice(0, Math.max(comma, 0)))) {
      throw new InvalidBase64('The data: prefix does not say base64', 0)
    }
    head = undefined
    offset = comma + 1
    decode(Buffer.from(start.slice(comma + 1), 'latin1'))
  }

  return {
    push(characters) {
      if (head === undefined) decode(characters)
      else cutPrefix(characters.toString('latin1'))
    },
    end() {
      if (head !== undefined) decode(Buffer.from(head, 'latin1'))
      head = undefined
      if (carry.length === 1) throw new InvalidBase64('The text ends inside a byte', offset)
      append(carry)
      carry = ''
    },
    take() {
      const taken = decoded.subarray(0, length)
      length = 0
      return taken
    },
  }
}
