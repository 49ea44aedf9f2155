import type { AnswerReader } from '../provider.ts'
import { notPicture, pictureTooLarge } from './provider-fault.ts'

export interface PictureReaderOptions {
  /** For messages: `provider "acme"`. */
  readonly label: string
  /** Largest picture, in bytes. */
  readonly answerBytes: number
}

/** Reads an answer that is the picture itself, whatever its format. */
export function createPictureReader({ label, answerBytes }: PictureReaderOptions): AnswerReader {
  const context = {
    who: label.charAt(0).toUpperCase() + label.slice(1),
    scrub: (text: string) => text,
  }
  let answered = 0
  return {
    push(chunk) {
      answered += chunk.byteLength
      if (answered > answerBytes) throw pictureTooLarge(answerBytes, context)
      return chunk
    },
    end() {
      if (answered === 0) throw notPicture('returned an empty picture', context)
      return { facts: {} }
    },
    isDelimited: () => false,
  }
}
