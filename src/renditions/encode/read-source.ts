import { readFile } from 'node:fs/promises'
import { UnusablePictureError } from '../../errors/unusable-picture-error.ts'
import { sniffFormat } from '../../plan/sniff-format.ts'
import { sha256 } from '../../system/digest.ts'
import { isRasterFormat, RASTER_FORMATS } from '../../system/picture-format.ts'
import type { KnownSource } from '../cache/source-records.ts'
import { explainDecoding, SAVE_AGAIN } from '../decode-fault.ts'
import { loadSharp } from './sharp.ts'

/**
 * What a picture of the project is, by its header.
 * @param pixels the most that it may have
 * @throws UnusablePictureError
 */
export async function readSourceFile(file: string, pixels: number): Promise<KnownSource> {
  const bytes = await readFile(file)
  const format = sniffFormat(bytes)
  if (!isRasterFormat(format)) {
    throw new UnusablePictureError(`it is not one of ${RASTER_FORMATS.join(', ')}.`)
  }
  const sharp = await loadSharp()
  const { autoOrient } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(cause => {
      throw new UnusablePictureError(`${explainDecoding(cause)}. ${SAVE_AGAIN}`, { cause })
    })
  const { width, height } = autoOrient
  if (width * height > pixels) {
    throw new UnusablePictureError(
      `it has ${width}×${height} pixels, but \`limits.sourcePixels\` allows ${pixels}.`,
    )
  }
  return { digest: sha256(bytes), format, width, height, size: bytes.length }
}

/**
 * The bytes that are sent of a source image where another image refers to it: upright and without
 * metadata, in its own format or, where the API does not take that, as PNG.
 */
export async function prepareSource(
  bytes: Uint8Array,
  format: KnownSource['format'],
): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp()
  const upright = sharp(bytes, { failOn: 'error', limitInputPixels: false }).autoOrient()
  const encoded = await (format === 'jpeg'
    ? upright.jpeg({ quality: 95 })
    : format === 'webp'
      ? upright.webp({ quality: 95 })
      : upright.png()
  ).toBuffer()
  return new Uint8Array(encoded)
}
