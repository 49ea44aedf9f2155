import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ReferenceFileError } from '../../errors/reference-file-error.ts'
import { sha256 } from '../../system/digest.ts'
import { isReferenceFormat } from '../../system/picture-format.ts'
import { projectPath } from '../../system/project-path.ts'
import type { ReferencePicture } from '../reference-picture.ts'
import { findPictureFile, type PictureBounds } from './picture-file.ts'

/** The most bytes of all references of one image: the API's limit for one upload. */
export const MAX_REFERENCE_BYTES = 50_000_000

const CONVERT = 'Convert it to PNG, and refer to that file.'

/**
 * Opens a reference file and digests its bytes. It is decoded later, before it is sent.
 * @param subject what refers to it, for messages: `site.image.yaml:7:11 (hero)`
 * @param file absolute path
 * @throws ReferenceFileError
 */
export async function openReferenceFile(
  subject: string,
  file: string,
  bounds: PictureBounds,
): Promise<ReferencePicture> {
  const shown = projectPath(bounds.root, file)
  const fail = (problem: string, cause?: unknown) =>
    new ReferenceFileError(`${subject}: reference ${shown} ${problem}`, { cause })

  const {
    real,
    size,
    format,
    advice = CONVERT,
  } = await findPictureFile(file, {
    ...bounds,
    what: 'references',
    formats: 'PNG, JPEG or WebP',
    fail,
  })
  if (size > MAX_REFERENCE_BYTES) {
    throw fail(`has ${size} bytes, but the limit is ${MAX_REFERENCE_BYTES}. Use a smaller picture.`)
  }
  if (!isReferenceFormat(format)) throw fail(`is not a PNG, JPEG or WebP picture. ${advice}`)
  const digest = sha256(await readFile(real))
  return {
    fileName: path.basename(file),
    type: `image/${format}`,
    digest,
    size,
    async bytes() {
      const bytes = await readFile(real)
      if (sha256(bytes) !== digest) throw fail('changed while it was in use. Build again.')
      return bytes
    },
  }
}
