import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { SourceFileError } from '../../errors/source-file-error.ts'
import { UnusablePictureError } from '../../errors/unusable-picture-error.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import { findPictureFile } from '../../plan/files/picture-file.ts'
import type { FoundSource, SourcePicture } from '../../plan/source-picture.ts'
import type { Renditions } from '../../renditions/rendition.ts'
import { sha256 } from '../../system/digest.ts'
import { extensionOf, isRasterFormat } from '../../system/picture-format.ts'
import { projectPath } from '../../system/project-path.ts'

/**
 * Finds the file of a source image. Reads it whole only when it changed.
 * @throws SourceFileError
 */
export async function findSource(
  image: ManifestImage,
  root: string,
  renditions: Pick<Renditions, 'readSource'>,
): Promise<FoundSource> {
  const { id, source: placed } = image
  if (!placed) throw new TypeError(`${id.name} has no source.`)
  const { at, within } = placed
  const file = path.resolve(root, path.dirname(id.manifest), placed.path)
  const subject = `${id.manifest}:${at.line}:${at.column} (${id.name})`
  const fail = (problem: string, cause?: unknown) =>
    new SourceFileError(`${subject}: source ${projectPath(root, file)} ${problem}`, { cause })
  const formats = 'PNG, JPEG, WebP or AVIF'
  const {
    real,
    format,
    advice = 'Convert it to one of these.',
  } = await findPictureFile(file, {
    root,
    within,
    what: 'sources',
    formats,
    fail,
  })
  if (!isRasterFormat(format)) throw fail(`is not a ${formats} picture. ${advice}`)
  const source = await renditions.readSource(real).catch(cause => {
    if (!(cause instanceof UnusablePictureError)) throw cause
    throw fail(`cannot be used: ${cause.message}`, cause)
  })
  return { source, reference: referenceOf(image, source, fail) }
}

/** It counts by the file's content, and is sent upright and without metadata. */
function referenceOf(
  { id }: ManifestImage,
  { path: file, digest, format, size }: SourcePicture,
  fail: (problem: string) => Error,
): FoundSource['reference'] {
  const sent = format === 'avif' ? 'png' : format
  return {
    fileName: `${id.name}.${extensionOf(sent)}`,
    type: `image/${sent}`,
    digest,
    size,
    async bytes() {
      const bytes = await readFile(file)
      if (sha256(bytes) !== digest) throw fail('changed while it was in use. Build again.')
      const { prepareSource } = await import('../../renditions/encode/read-source.ts')
      return prepareSource(bytes, format)
    },
  }
}
