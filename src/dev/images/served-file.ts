import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileBaseName } from '../../module/file-base-name.ts'
import { checkNamedFiles } from '../../pipeline/pictures/check-named-files.ts'
import { verifyPicture } from '../../pipeline/pictures/image-picture.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { type Draft, drawDraft } from '../../renditions/draft/draft.ts'
import type { PlannedRendition } from '../../renditions/rendition.ts'
import { sha256 } from '../../system/digest.ts'
import { fileExtensionOf, mimeTypeOf } from '../../system/file-type.ts'
import type { ShownImage } from './shown-image.ts'

export type ServedType = `image/${string}`

/** A file of a development server. Its bytes are made on request. */
export interface ServedFile {
  /** `hero-640w-1a2b3c4d5e6f7a8b.webp`: names image, place and content, so it can be cached forever. */
  readonly identifier: string
  readonly type: ServedType
  content(): Promise<ServedContent>
  /** Shown until the content is made, where that takes long. */
  preview?(): Promise<ServedContent & { readonly type: ServedType }>
}

export interface ServedContent {
  /** SHA-256 of the bytes. */
  readonly digest: string
  readonly bytes: Uint8Array
}

/**
 * The file for one place in an image's asset.
 * @param owner the image, or its variant
 */
export function fileOf(
  shown: ShownImage,
  rendition: PlannedRendition,
  owner: string,
  pipeline: Pick<Pipeline, 'originals' | 'renditions'>,
): ServedFile {
  const { id } = shown.image
  const base = rendition.verbatim ? fileBaseName(id) : `${fileBaseName(id)}-${rendition.width}w`
  if (shown.kind === 'draft') {
    const place = `${rendition.format} ${rendition.width} ${JSON.stringify(shown.draft)}`
    return draftFile(`${base}-${digestOf(owner, place).slice(0, 16)}.svg`, shown.draft)
  }
  const { original, source } = shown
  const digest = digestOf(owner, rendition.key).slice(0, 16)
  return {
    identifier: `${base}-${digest}.${fileExtensionOf(rendition)}`,
    type: mimeTypeOf(rendition),
    async content() {
      await verifyPicture(shown, pipeline.originals)
      checkNamedFiles(shown.image, source, [rendition])
      const file = await pipeline.renditions.renderOne(source, rendition)
      return { digest: file.digest, bytes: await readFile(file.path) }
    },
    ...(original &&
      isSlow(rendition) && {
        async preview() {
          await pipeline.originals.verify(original)
          const { digest: ofOriginal, format } = original.entry
          return {
            digest: ofOriginal,
            type: `image/${format}`,
            bytes: await readFile(original.path),
          }
        },
      }),
  }
}

/** AVIF takes seconds. The original can stand in if it has the same proportions. */
function isSlow({ format, fit }: PlannedRendition): boolean {
  return format === 'avif' && fit === undefined
}

export function draftFile(identifier: string, draft: Draft): ServedFile {
  return {
    identifier,
    type: 'image/svg+xml',
    async content() {
      const bytes = Buffer.from(drawDraft(draft))
      return { digest: sha256(bytes), bytes }
    },
  }
}

/** Images of equal content, and variants, have files of their own: pages find by URL what to replace. */
function digestOf(owner: string, place: string): string {
  return createHash('sha256').update(`${owner}\n${place}`).digest('hex')
}
