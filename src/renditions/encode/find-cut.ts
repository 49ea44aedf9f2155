import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { PictureFormat } from '../../system/picture-format.ts'

/** Bytes of one read. */
const PIECE = 64 * 1024

/** A file with random access. */
interface Source {
  /** Bytes. */
  readonly size: number
  /** Returns fewer bytes than requested at the end only. */
  read(at: number, length: number): Promise<Buffer>
}

type FindCut = (source: Source) => Promise<string | undefined>

/**
 * Checks without decoding that a picture is whole, by the lengths and checksums of its format. Bytes
 * after it do no harm. GIF and TIFF do not contain their length, and pass.
 * @returns what is wrong, as the end of a sentence about the picture; undefined when it is whole
 */
export async function findCut(file: string, format: PictureFormat): Promise<string | undefined> {
  const find = FINDERS[format]
  if (!find) return undefined
  const handle = await open(file)
  try {
    return await find(await sourceOf(handle))
  } finally {
    await handle.close()
  }
}

const FINDERS: Partial<Record<PictureFormat, FindCut>> = {
  png: findPngCut,
  jpeg: findJpegCut,
  webp: findWebpCut,
  avif: findAvifCut,
}

async function sourceOf(handle: FileHandle): Promise<Source> {
  const { size } = await handle.stat()
  return {
    size,
    async read(at, length) {
      const wanted = Math.max(0, Math.min(length, size - at))
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, at)
      return buffer.subarray(0, bytesRead)
    },
  }
}

/** Chunks up to IEND. Skips checksums of metadata, where an API key may have been masked. */
async function findPngCut(source: Source): Promise<string | undefined> {
  for (let at = 8; ; ) {
    const head = await source.read(at, 8)
    const type = head.toString('latin1', 4)
    const length = head.length < 8 ? Number.POSITIVE_INFINITY : head.readUInt32BE()
    const next = at + 12 + length
    if (next > source.size) return 'it ends before its IEND chunk'
    const isCritical = /^[A-Z]/.test(type)
    if (!/^[A-Za-z]{4}$/.test(type)) return 'a broken chunk follows'
    if (isCritical && !(await hasChecksum(source, at + 4, next - 4))) {
      return `the checksum of its ${type} chunk is wrong`
    }
    if (type === 'IEND') return undefined
    at = next
  }
}

async function hasChecksum(source: Source, from: number, to: number): Promise<boolean> {
  let sum = 0
  for (let at = from; at < to; at += PIECE) {
    sum = crc32(await source.read(at, Math.min(PIECE, to - at)), sum)
  }
  return (await source.read(to, 4)).readUInt32BE() === sum
}

const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9

/** Segments and scans up to the end-of-image marker. A thumbnail's marker is inside a segment. */
async function findJpegCut(source: Source): Promise<string | undefined> {
  for (let at = 2; ; ) {
    const head = await source.read(at, 4)
    if (head.length < 2) return 'it ends before its end-of-image marker'
    const [prefix, marker] = head
    if (prefix !== 0xff) return 'a broken segment follows'
    if (marker === END_OF_IMAGE) return undefined
    if (marker === 0xff) {
      at += 1
      continue
    }
    if (head.length < 4) return 'it ends before its end-of-image marker'
    at += 2 + head.readUInt16BE(2)
    if (marker === START_OF_SCAN) at = await endOfScan(source, at)
  }
}

/** The next marker that ends a scan. Zero bytes and restart markers do not. */
async function endOfScan(source: Source, from: number): Promise<number> {
  for (let at = from; at < source.size; ) {
    const piece = await source.read(at, PIECE)
    let found = piece.indexOf(0xff)
    while (found !== -1 && found + 1 < piece.length) {
      const marker = piece[found + 1] ?? 0
      const goesOn = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)
      if (!goesOn) return at + found
      found = piece.indexOf(0xff, found + 1)
    }
    // The byte after the last one decides, if there is one.
    at += found === -1 || piece.length === 1 ? piece.length : found
  }
  return source.size
}

async function findWebpCut(source: Source): Promise<string | undefined> {
  const head = await source.read(0, 8)
  const end = 8 + head.readUInt32LE(4)
  return end > source.size ? `it has ${source.size} bytes of ${end}` : undefined
}

/** Boxes up to the end of the file, or to bytes after the picture that are not a box. */
async function findAvifCut(source: Source): Promise<string | undefined> {
  const seen = new Set<string>()
  for (let at = 0; at < source.size; ) {
    const head = await source.read(at, 16)
    const type = head.toString('latin1', 4, 8)
    if (!/^[\x20-\x7e]{4}$/.test(type)) break
    const length = boxLength(head, source.size - at)
    if (at + length > source.size) return `it ends inside its ${type} box`
    seen.add(type)
    at += length
  }
  const missing = ['meta', 'mdat'].find(type => !seen.has(type))
  return missing === undefined ? undefined : `it ends before its ${missing} box`
}

/** @param rest bytes up to the end of the file: the meaning of length 0 */
function boxLength(head: Buffer, rest: number): number {
  const length = head.readUInt32BE()
  if (length === 0) return rest
  if (length !== 1) return Math.max(8, length)
  return head.length < 16 ? Number.POSITIVE_INFINITY : Number(head.readBigUInt64BE(8))
}
