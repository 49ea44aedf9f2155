/** Decodes base64 that comes in pieces of any length. */
export interface Base64Decoder {
  /**
   * Takes the next characters, one a byte; returns the bytes that are complete.
   * @throws InvalidBase64
   */
  push(characters: Buffer): Buffer
  /**
   * Returns what is left.
   * @throws InvalidBase64 when the text ends inside a byte
   */
  end(): Buffer
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

const NOTHING = Buffer.alloc(0)
const LETTERS = /^[A-Za-z0-9+/_-]*$/
const LONGEST_PREFIX = 1024

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

  function decode(text: string): Buffer {
    if (!padded) {
      const whole = carry + text
      const groups = whole.length - (whole.length % 4)
      const rest = whole.slice(groups)
      const bytes = Buffer.from(whole.slice(0, groups), 'base64')
      // The runtime's decoder is fast, but skips what is no letter: fewer bytes give that away.
      if (bytes.length === (groups / 4) * 3 && LETTERS.test(rest)) {
        carry = rest
        offset += text.length
        return bytes
      }
    }
    return decodeCarefully(text)
  }

  function decodeCarefully(text: string): Buffer {
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
    return Buffer.from(letters.slice(0, groups), 'base64')
  }

  function cutPrefix(text: string): Buffer {
    const start = (head ?? '') + text
    if (start.length < 'data:'.length) {
      head = start
      return NOTHING
    }
    if (!/^data:/i.test(start)) {
      head = undefined
      return decode(start)
    }
    const comma = start.indexOf(',')
    if (comma === -1 && start.length < LONGEST_PREFIX) {
      head = start
      return NOTHING
    }
    if (!/;base64$/i.test(start.slice(0, Math.max(comma, 0)))) {
      throw new InvalidBase64('The data: prefix does not say base64', 0)
    }
    head = undefined
    offset = comma + 1
    return decode(start.slice(comma + 1))
  }

  return {
    push(characters) {
      const text = characters.toString('latin1')
      return head === undefined ? decode(text) : cutPrefix(text)
    },
    end() {
      const last = head === undefined ? NOTHING : decode(head)
      head = undefined
      if (carry.length === 1) throw new InvalidBase64('The text ends inside a byte', offset)
      return Buffer.concat([last, Buffer.from(carry, 'base64')])
    },
  }
}
