import { open } from 'node:fs/promises'
import { ReferenceFileError } from '../../errors/reference-file-error.ts'
import { UnusablePictureError } from '../../errors/unusable-picture-error.ts'
import type { PictureFacts, ProvenPicture } from '../../originals/original.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import { SNIFFED_BYTES, sniffFormat } from '../../plan/sniff-format.ts'
import {
  PICTURE_FORMATS,
  type PictureFormat,
  REFERENCE_FORMATS,
} from '../../system/picture-format.ts'
import { findCut } from './find-cut.ts'
import { loadSharp } from './sharp.ts'

export interface ProofLimits {
  /**
   * Longest side allowed, in pixels. Checked before anything is decoded.
   * @default 3_840
   */
  readonly pixels?: number
}

/**
 * Pixels that a reference may have: those of any present camera. What an API answers with is bounded
 * by `limits.pixels`, what one gives it isn't.
 */
const REFERENCE_PIXELS = 100_000_000

/** What a picture has too many pixels for, as the end of a sentence; undefined when it has not. */
type FindExcess = (size: Pick<PictureFacts, 'width' | 'height'>) => string | undefined

/**
 * Decodes an API's answer in full and says what it is: PNG, JPEG, WebP, AVIF, GIF or TIFF.
 * What counts is that every pixel decodes; bytes behind the picture do no harm and are kept.
 * One with more pixels than allowed is not decoded: its header is believed when the file is whole.
 * @throws UnusablePictureError
 */
export async function provePicture(file: string, limits: ProofLimits = {}): Promise<ProvenPicture> {
  const { pixels = 3840 } = limits
  try {
    return await prove(file, PICTURE_FORMATS, ({ width, height }) =>
      Math.max(width, height) > pixels
        ? `at most ${pixels}×${pixels} are decoded (\`limits.pixels\`)`
        : undefined,
    )
  } catch (error) {
    if (!(error instanceof TooManyPixels)) throw error
    const { facts, message } = error
    const cut = await findCut(file, facts.format)
    if (cut !== undefined) {
      throw new UnusablePictureError(`The ${facts.format} picture is not whole: ${cut}.`)
    }
    return { ...facts, undecoded: message }
  }
}

/** Says nothing against the picture, only that it is not looked at. */
class TooManyPixels extends UnusablePictureError {
  readonly facts: PictureFacts

  constructor(message: string, facts: PictureFacts) {
    super(message)
    this.facts = facts
  }
}

/**
 * The same for a reference, which has to be PNG, JPEG or WebP.
 * @param subject the image that refers to it, for the message
 * @throws ReferenceFileError
 */
export async function proveReference(
  picture: Pick<ReferencePicture, 'fileName' | 'bytes'>,
  subject: string,
): Promise<PictureFacts> {
  const bytes = await picture.bytes()
  try {
    return await prove(bytes, REFERENCE_FORMATS, findReferenceExcess)
  } catch (error) {
    if (!(error instanceof UnusablePictureError)) throw error
    throw new ReferenceFileError(
      `${subject} refers to ${picture.fileName}, which cannot be used. ${error.message}`,
      { cause: error },
    )
  }
}

/**
 * Decoders that are not needed (SVG, PDF …) are kept out by looking at the first bytes before sharp
 * does. sharp could block them itself, but only for the whole process, where other plugins may use
 * the same sharp for just these formats.
 */
async function prove(
  input: string | Uint8Array,
  allowed: readonly PictureFormat[],
  findExcess: FindExcess,
): Promise<PictureFacts> {
  const head = typeof input === 'string' ? await readHead(input) : input
  const format = sniffFormat(head)
  if (!format || !allowed.includes(format)) {
    const found = format ? `It is a picture of the format ${format}` : 'It is no raster picture'
    throw new UnusablePictureError(`${found}; what can be used is ${allowed.join(', ')}.`)
  }
  const sharp = await loadSharp()
  const options = { failOn: 'error', sequentialRead: true } as const
  try {
    const header = await sharp(input, { ...options, limitInputPixels: false }).metadata()
    const { width, height } = header.autoOrient
    const excess = findExcess({ width, height })
    if (excess !== undefined) {
      const message = `The picture has ${width}×${height} pixels; ${excess}.`
      throw new TooManyPixels(message, { format, width, height })
    }
    // The first pixel of every row makes the decoder go through every row and keeps none of them:
    // the memory that it takes does not grow with the picture.
    await sharp(input, { ...options, limitInputPixels: width * height })
      .extract({ left: 0, top: 0, width: 1, height: header.height })
      .raw()
      .toBuffer()
    return { format, width, height }
  } catch (error) {
    if (error instanceof UnusablePictureError) throw error
    const reason = error instanceof Error ? error.message.trim() : String(error)
    // A disk that fails says nothing about the picture, which may have been paid for.
    if (reason.includes('system error:')) throw error
    throw new UnusablePictureError(
      `The ${format} picture is damaged or not whole and cannot be decoded: ${reason.split('\n')[0]}.`,
      { cause: error },
    )
  }
}

async function readHead(file: string): Promise<Uint8Array> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(SNIFFED_BYTES),
      0,
      SNIFFED_BYTES,
      0,
    )
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

const findReferenceExcess: FindExcess = ({ width, height }) =>
  width * height > REFERENCE_PIXELS
    ? `a reference has at most ${REFERENCE_PIXELS / 1_000_000} megapixels: use a smaller one`
    : undefined
