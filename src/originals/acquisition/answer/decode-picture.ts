import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { SNIFFED_BYTES, sniffFormat } from '../../../plan/sniff-format.ts'
import type { AnswerContent, AnswerFacts, AnswerReader } from '../../../provider/provider.ts'
import { type Digest, digestOf } from '../../../system/digest.ts'
import { syncHandle } from '../../../system/files/sync-handle.ts'

/** The picture that an answer held, whole and synced, not yet proven. */
export interface DecodedPicture {
  /** Absolute path. */
  readonly file: string
  readonly digest: Digest
  /** Bytes. */
  readonly size: number
  readonly facts: AnswerFacts
  /** Whether the answer marks the picture's end, as JSON does; else only the end of the answer tells. */
  readonly isDelimited: boolean
}

/** The address of a picture that an answer gave instead of the picture. */
export interface PictureLink {
  readonly url: string
  readonly facts: AnswerFacts
}

/** What an answer held: a picture, an address, or why neither. */
export interface DecodedAnswer {
  readonly picture?: DecodedPicture
  readonly link?: PictureLink
  /** The answer could not be read, or the picture not written. */
  readonly decodeError?: unknown
}

/** Decodes an answer into a file until something fails, and then only remembers what. */
export interface Decoding {
  readonly reader: AnswerReader
  readonly file: string
  readonly opened: Promise<FileHandle>
  readonly hash: Hash
  size: number
  /** The first bytes, which tell the format. */
  head: Uint8Array
  fault: unknown
}

/** @param file must not exist */
export function beginDecoding(reader: AnswerReader, file: string): Decoding {
  const opened = open(file, 'wx')
  // The first step waits for it; until then a rejection would go unhandled.
  opened.catch(() => undefined)
  const hash = createHash('sha256')
  return { reader, file, opened, hash, size: 0, head: new Uint8Array(0), fault: undefined }
}

/** Never rejects. */
export function decodeChunk(decoding: Decoding, chunk: Uint8Array): Promise<void> {
  return unlessFailed(decoding, async handle => {
    const piece = decoding.reader.push(chunk)
    if (piece.length === 0) return
    if (decoding.head.length < SNIFFED_BYTES) {
      decoding.head = Buffer.concat([decoding.head, piece.subarray(0, SNIFFED_BYTES)])
    }
    decoding.hash.update(piece)
    decoding.size += piece.length
    await handle.writeFile(piece)
  })
}

/** Gives up the decoded picture, and the space that it takes. Never rejects. */
export async function giveUpDecoding(decoding: Decoding, fault: unknown): Promise<void> {
  decoding.fault ??= fault
  // If this fails, writing the raw answer tells next whether there is room.
  await decoding.opened.then(handle => handle.truncate()).catch(() => undefined)
}

/**
 * Never rejects.
 * @param onPicture called before anything is synced when the answer begins like a picture
 */
export async function endDecoding(
  decoding: Decoding,
  onPicture?: () => void,
): Promise<DecodedAnswer> {
  const { reader, file, opened, hash } = decoding
  let content: AnswerContent | undefined
  await unlessFailed(decoding, async handle => {
    content = reader.end()
    if (sniffFormat(decoding.head)) onPicture?.()
    await syncHandle(handle)
  })
  await opened.then(
    handle => handle.close(),
    () => undefined,
  )
  if (!content || decoding.fault !== undefined) return { decodeError: decoding.fault }
  const { facts, link } = content
  const isDelimited = reader.isDelimited()
  if (link !== undefined) return { link: { url: link, facts } }
  return { picture: { file, digest: digestOf(hash), size: decoding.size, facts, isDelimited } }
}

async function unlessFailed(
  decoding: Decoding,
  step: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  if (decoding.fault !== undefined) return
  try {
    await step(await decoding.opened)
  } catch (error) {
    decoding.fault = error
  }
}
