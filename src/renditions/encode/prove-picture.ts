import { open } from 'node:fs/promises'
import { ReferenceFileError } from '../../errors/reference-file-error.ts'
import { UnusablePictureError } from '../../errors/unusable-picture-error.ts'
import type { PictureFacts, ProvenPicture } from '../../originals/original.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import { SNIFFED_BYTES, sniffFormat, sniffOther } from '../../plan/sniff-format.ts'
import {
  PICTURE_FORMATS,
  type PictureFormat,
  REFERENCE_FORMATS,
} from '../../system/picture-format.ts'
import { explainDecoding, SAVE_AGAIN } from '../decode-fault.ts'
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
 * The most pixels of a reference: as many as any current camera has. `limits.pixels` limits what an
 * API answers with, but not references.
 */
const REFERENCE_PIXELS = 100_000_000

/** Why a picture has too many pixels, as the end of a sentence; undefined when it does not. */
type FindExcess = (size: Pick<PictureFacts, 'width' | 'height'>) => string | undefined

/**
 * Decodes an API's answer in full and says what it is: PNG, JPEG, WebP, AVIF, GIF or TIFF. Every
 * pixel must decode; bytes after the picture do no harm and stay. A picture with more pixels than
 * allowed is not decoded: its header counts when the file is whole.
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
      throw new UnusablePictureError(`The ${facts.format} picture is incomplete: ${cut}.`)
    }
    return { ...facts, undecoded: message }
  }
}

/** The picture may be fine, but is not decoded. */
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
      `${subject} refers to ${picture.fileName}, which cannot be used. ${error.message} ${SAVE_AGAIN}`,
      { cause: error },
    )
  }
}

/**
 * Checks the first bytes before sharp does, to keep out decoders that are not needed (SVG, PDF …).
 * sharp can block them only for the whole process, where other plugins may need these formats.
 */
async function prove(
  input: string | Uint8Array,
  allowed: readonly PictureFormat[],
  findExcess: FindExcess,
): Promise<PictureFacts> {
  const head = typeof input === 'string' ? await readHead(input) : input
  const format = sniffFormat(head)
  if (!format || !allowed.includes(format)) {
    throw new UnusablePictureError(`${describeOther(format, head)}. Use ${allowed.join(', ')}.`)
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
    // Extracting the first pixel of every row makes the decoder read every row and keep none: its
    // memory does not grow with the picture.
    await sharp(input, { ...options, limitInputPixels: width * height })
      .extract({ left: 0, top: 0, width: 1, height: header.height })
      .raw()
      .toBuffer()
    return { format, width, height }
  } catch (error) {
    if (error instanceof UnusablePictureError) throw error
    // A disk error says nothing about the picture, which may have cost money.
    if (error instanceof Error && error.message.includes('system error:')) throw error
    throw new UnusablePictureError(
      `The ${format} picture is damaged or incomplete and cannot be decoded: ${explainDecoding(error)}.`,
      { cause: error },
    )
  }
}

function describeOther(format: PictureFormat | undefined, head: Uint8Array): string {
  if (format) return `It is a picture in the format ${format}`
  const other = sniffOther(head)
  const isTold = other === undefined || other === 'SVG'
  return isTold ? 'It is not a raster picture' : `It is not a raster picture, but ${other}`
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
    ? `a reference may have at most ${REFERENCE_PIXELS / 1_000_000} megapixels. Use a smaller one`
    : undefined
