import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline as pipe } from 'node:stream/promises'
import type { DevImages } from '../../../dev/dev-images.ts'
import { formatImageId, type ImageId } from '../../../manifest/image-id.ts'
import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryWritten } from '../../data/gallery-exchanges.ts'
import type { ManifestChanges } from '../changes/manifest-changes.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import { openImage, readManifestText } from '../checks/open-image.ts'

/** A file that somebody dropped on an image. */
export interface UploadedFile {
  /** As the person's machine calls it; empty: unknown. */
  readonly name: string
  readonly bytes: AsyncIterable<Buffer>
}

/**
 * Takes a picture as the original of an image, as `imagegen adopt` does.
 * @throws ActionRefusedError, UnusablePictureError, and what adopting throws
 */
export async function adoptUpload(
  id: ImageId,
  file: UploadedFile,
  { images, changes }: { readonly images: DevImages; readonly changes: ManifestChanges },
): Promise<GalleryWritten> {
  const { pipeline } = images
  const { file: manifest } = await openImage(id, images)
  const folder = await mkdtemp(path.join(tmpdir(), 'imagegen-upload-'))
  try {
    const target = path.join(folder, safeName(file.name))
    await save(file, target, { limit: pipeline.options.limits.answerBytes, id })
    const before = await readFile(manifest, 'utf8')
    const { writesRevision } = await pipeline.adopt(id, target).catch(error => {
      throw withoutFolder(error, folder)
    })
    const after = await readManifestText(manifest)
    const change = { image: id, label: 'revision', before, after: after.text }
    const problem = writesRevision ? await changes.add(change) : undefined
    await images.refresh(manifest)
    return { digest: after.digest, ...(problem !== undefined && { problem }) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function save(
  { bytes }: UploadedFile,
  target: string,
  { limit, id }: { readonly limit: number; readonly id: ImageId },
): Promise<void> {
  let size = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size <= limit) done(null, chunk)
      else
        done(
          new ActionRefusedError(
            `${formatImageId(id)}: the file has more than ${formatBytes(limit)}, the most that is adopted (\`limits.answerBytes\`).`,
          ),
        )
    },
  })
  await pipe(bytes, counted, createWriteStream(target))
  if (size === 0) throw new ActionRefusedError(`${formatImageId(id)}: the file is empty.`)
}

/** What an entry remembers of the file. Never a path. */
function safeName(name: string): string {
  const base = path.basename(name.replaceAll('\\', '/')).replace(/[^\p{L}\p{N} ._-]/gu, '_')
  return base.replace(/^\.+/, '').slice(-100) || 'upload'
}

/** A message names the file as people know it. */
function withoutFolder(error: unknown, folder: string): unknown {
  if (!(error instanceof Error)) return error
  error.message = error.message.replaceAll(folder + path.sep, '')
  return error
}
