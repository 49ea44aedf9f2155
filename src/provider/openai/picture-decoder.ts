import { createByteMask } from '../scrub.ts'
import { createBase64Decoder, InvalidBase64 } from './base64-decoder.ts'

/** Decodes the base64 of one picture, and masks the API key in it. Invalid base64 ends it silently. */
export interface PictureDecoder {
  /** Takes the next characters, one a byte. */
  push(characters: Buffer): void
  /** The bytes that were complete since the last time. The next ones overwrite them. */
  take(): Uint8Array
  /** The last bytes, once the text has come whole; later, nothing. */
  end(): Uint8Array
  /** Bytes so far. */
  readonly size: number
  readonly fault: InvalidBase64 | undefined
}

export function createPictureDecoder(apiKey: string): PictureDecoder {
  const decoder = createBase64Decoder()
  const mask = createByteMask(apiKey)
  let size = 0
  let ended = false
  let fault: InvalidBase64 | undefined

  function guard(step: () => void): void {
    try {
      if (!fault) step()
    } catch (error) {
      if (!(error instanceof InvalidBase64)) throw error
      fault = error
    }
  }

  function counted(bytes: Uint8Array): Uint8Array {
    size += bytes.length
    return bytes
  }

  return {
    push: characters => guard(() => decoder.push(characters)),
    take: () => counted(mask.push(decoder.take())),
    end() {
      if (ended) return new Uint8Array()
      ended = true
      guard(decoder.end)
      const bytes = mask.push(decoder.take())
      return counted(fault ? bytes : Buffer.concat([bytes, mask.end()]))
    },
    get size() {
      return size
    },
    get fault() {
      return fault
    },
  }
}
