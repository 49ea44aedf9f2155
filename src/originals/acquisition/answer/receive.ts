import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { SNIFFED_BYTES, sniffFormat } from '../../../plan/sniff-format.ts'
import type { AnswerContent, AnswerFacts, AnswerReader } from '../../../provider/provider.ts'
import { type Digest, digestOf } from '../../../system/digest.ts'
import { syncHandle } from '../../../system/sync-handle.ts'

/** The picture that an answer held, whole and synced, not yet proven. */
export interface DecodedPicture {
  /** Absolute path. */
  readonly file: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly facts: AnswerFacts
}

/** The address of a picture that an answer gave instead of the picture. */
export interface PictureLink {
  readonly url: string
  readonly facts: AnswerFacts
}

/** What came of one answer. Whatever failed, the other parts went on as far as they could. */
export interface Reception {
  /** Absent when the answer was not read to its end, or holds no picture. */
  readonly picture?: DecodedPicture
  /** Set instead when the answer gives the address of the picture. */
  readonly link?: PictureLink
  /** The source failed before its end. */
  readonly sourceError?: unknown
  /** The raw answer could not be kept. Nothing was read after that. */
  readonly keepError?: unknown
  /** The answer could not be read, or the picture not written. The raw answer was still kept to its end. */
  readonly decodeError?: unknown
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
   * Called once the source has ended with what begins as a picture, before anything is synced. Not
   * called otherwise: what else came may concern whoever is next.
   */
  readonly onPicture?: () => void
}

/**
 * Reads one raw answer to its end: keeps it as it comes, and decodes its picture beside it. Never
 * rejects for what is in the answer, so that a fault in decoding does not lose what was paid for.
 */
export async function receive(options: ReceiveOptions): Promise<Reception> {
  const { chunks, keep, onBytes, onPicture } = options
  const decoder = createDecoder(options.reader, options.file)
  const keepPiece = async (chunk: Uint8Array, decoded: Promise<void>): Promise<void> => {
    try {
      await keep?.(chunk)
    } catch (error) {
      await decoded
      // The picture can be decoded again of the raw answer, which can't be had again.
      await decoder.makeRoom(error)
      await keep?.(chunk)
    }
  }
  let bytes = 0
  let sourceError: unknown
  let keepError: unknown
  try {
    for await (const chunk of chunks) {
      const decoded = decoder.push(chunk)
      try {
        await keepPiece(chunk, decoded)
      } catch (error) {
        keepError = error
        break
      } finally {
        await decoded
      }
      bytes += chunk.length
      onBytes?.(bytes)
    }
  } catch (error) {
    sourceError = error
  }
  const { picture, link, decodeError } = await decoder.end(
    keepError === undefined ? onPicture : undefined,
  )
  return {
    ...(picture && { picture }),
    ...(link && { link }),
    ...(sourceError !== undefined && { sourceError }),
    ...(keepError !== undefined && { keepError }),
    ...(decodeError !== undefined && { decodeError }),
  }
}

/** Decodes into a file until something fails, and then only remembers what. */
function createDecoder(reader: AnswerReader, file: string) {
  const hash = createHash('sha256')
  const opened = open(file, 'wx')
  // Waited for by the first step; without this a refusal would go unhandled until then.
  opened.catch(() => undefined)
  let size = 0
  let head = new Uint8Array(0)
  let decodeError: unknown

  async function step(work: () => Promise<void>): Promise<void> {
    if (decodeError !== undefined) return
    try {
      await work()
    } catch (error) {
      decodeError = error
    }
  }

  return {
    /** Never rejects. */
    push: (chunk: Uint8Array) =>
      step(async () => {
        const handle = await opened
        const piece = reader.push(chunk)
        if (piece.length === 0) return
        if (head.length < SNIFFED_BYTES)
          head = Buffer.concat([head, piece.subarray(0, SNIFFED_BYTES)])
        hash.update(piece)
        size += piece.length
        await handle.writeFile(piece)
      }),
    /** Gives up the decoded picture, and the space that it takes. */
    async makeRoom(fault: unknown): Promise<void> {
      decodeError ??= fault
      // Whatever fails here, the raw answer says next whether there is room.
      await opened.then(handle => handle.truncate()).catch(() => undefined)
    },
    async end(
      onPicture?: () => void,
    ): Promise<Pick<Reception, 'picture' | 'link' | 'decodeError'>> {
      let content: AnswerContent | undefined
      await step(async () => {
        const handle = await opened
        content = reader.end()
        if (sniffFormat(head)) onPicture?.()
        await syncHandle(handle)
      })
      await opened.then(
        handle => handle.close(),
        () => undefined,
      )
      if (!content || decodeError !== undefined) return { decodeError }
      const { facts, link } = content
      if (link !== undefined) return { link: { url: link, facts } }
      return { picture: { file, digest: digestOf(hash), size, facts } }
    },
  }
}
