import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { PictureFormat } from '../../system/picture-format.ts'

/** Bytes that are read at once. */
const PIECE = 64 * 1024

/** A file that is read here and there. */
interface Source {
  /** Bytes. */
  readonly size: number
  /** Fewer bytes than asked for only at the end. */
  read(at: number, length: number): Promise<Buffer>
}

type FindCut = (source: Source) => Promise<string | undefined>

/**
 * Whether a picture that is not decoded is whole at least, by the lengths and checksums of its own
 * format. Bytes behind it do no harm. GIF and TIFF tell no length as a whole and are believed.
 * @returns what is wrong, as the end of a sentence about the picture; undefined when nothing is
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

/** Chunks up to IEND. The checksums of metadata are left alone: a key in it may have been masked. */
async function findPngCut(source: Source): Promise<string | undefined> {
  for (let at = 8; ; ) {
    const head = await source.read(at, 8)
    const type = head.toString('latin1', 4)
    const length = head.length < 8 ? Number.POSITIVE_INFINITY : head.readUInt32BE()
    const next = at + 12 + length
    if (next > source.size) return 'it ends before its IEND chunk'
    const isCritical = /^[A-Z]/.test(type)
    if (!/^[A-Za-z]{4}$/.test(type)) return 'what follows one of its chunks is none'
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

/** Segments and scans up to the end-of-image marker; that of a thumbnail lies inside a segment. */
async function findJpegCut(source: Source): Promise<string | undefined> {
  for (let at = 2; ; ) {
    const head = await source.read(at, 4)
    if (head.length < 2) return 'it ends before its end-of-image marker'
    const [prefix, marker] = head
    if (prefix !== 0xff) return 'what follows one of its segments is none'
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

/** Where the next marker is that ends a scan: a zero byte or a restart marker does not. */
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
    // What comes behind the last byte decides, when there is anything.
    at += found === -1 || piece.length === 1 ? piece.length : found
  }
  return source.size
}

async function findWebpCut(source: Source): Promise<string | undefined> {
  const head = await source.read(0, 8)
  const end = 8 + head.readUInt32LE(4)
  return end > source.size ? `it has ${source.size} bytes of ${end}` : undefined
}

/** Boxes up to the end of the file, or to what is none behind the picture. */
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

/** @param rest bytes up to the end of the file, which a length of 0 stands for */
function boxLength(head: Buffer, rest: number): number {
  const length = head.readUInt32BE()
  if (length === 0) return rest
  if (length !== 1) return Math.max(8, length)
  return head.length < 16 ? Number.POSITIVE_INFINITY : Number(head.readBigUInt64BE(8))
}
