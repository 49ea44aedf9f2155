import type { AnswerReader } from '../../../provider/provider.ts'
import {
  beginDecoding,
  type DecodedAnswer,
  type Decoding,
  decodeChunk,
  endDecoding,
  giveUpDecoding,
} from './decode-picture.ts'

/** What came of one answer. Whatever failed, the rest went on as far as it could. */
export interface Reception extends DecodedAnswer {
  /** The source failed before its end. */
  readonly sourceError?: unknown
  /** The raw answer could not be kept. Nothing was read after that. */
  readonly keepError?: unknown
}

export interface ReceiveOptions {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly reader: AnswerReader
  /** Where the decoded picture goes; must not exist. */
  readonly file: string
  /** Keeps the raw answer; absent when it comes from disk. */
  readonly keep?: (chunk: Uint8Array) => Promise<void>
  /** Called with the number of raw bytes so far. */
  readonly onBytes?: (bytes: number) => void
  /**
   * Called once the source has ended with something that begins like a picture, before anything is
   * synced. Not called otherwise: any other answer may concern the next request.
   */
  readonly onPicture?: () => void
}

/**
 * Reads one raw answer to its end: keeps it as it comes, and decodes its picture beside it. Never
 * rejects for the content of the answer, so that a fault in decoding loses nothing that was billed.
 */
export async function receiveAnswer(options: ReceiveOptions): Promise<Reception> {
  const decoding = beginDecoding(options.reader, options.file)
  const faults = await readToEnd(options, decoding)
  const isKept = faults.keepError === undefined
  return { ...faults, ...(await endDecoding(decoding, isKept ? options.onPicture : undefined)) }
}

async function readToEnd(
  options: ReceiveOptions,
  decoding: Decoding,
): Promise<Pick<Reception, 'sourceError' | 'keepError'>> {
  const faults: { sourceError?: unknown; keepError?: unknown } = {}
  let bytes = 0
  try {
    for await (const chunk of options.chunks) {
      faults.keepError = await keepAndDecode(options, decoding, chunk)
      if (faults.keepError !== undefined) break
      bytes += chunk.length
      options.onBytes?.(bytes)
    }
  } catch (error) {
    faults.sourceError = error
  }
  return faults
}

/** Gives the fault when the raw bytes can't be kept. Never rejects. */
async function keepAndDecode(
  { keep }: ReceiveOptions,
  decoding: Decoding,
  chunk: Uint8Array,
): Promise<unknown> {
  const decoded = decodeChunk(decoding, chunk)
  try {
    await keep?.(chunk).catch(async error => {
      await decoded
      // The picture can be decoded again from the raw answer; the raw answer comes only once.
      await giveUpDecoding(decoding, error)
      await keep(chunk)
    })
    return undefined
  } catch (error) {
    return error
  } finally {
    await decoded
  }
}
