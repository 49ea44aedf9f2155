import type { DevImages } from '../../../dev/dev-images.ts'
import { ManifestError } from '../../../errors/manifest-error.ts'
import { ReferenceGraphError } from '../../../errors/reference-graph-error.ts'
import { editImage } from '../../../manifest/edit/edit-image.ts'
import { findField } from '../../../manifest/edit/find-field.ts'
import type { Preview, PreviewedImage } from '../../../pipeline/preview.ts'
import type { GalleryFieldFault, GalleryWordsChange } from '../../data/gallery-exchanges.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import { type OpenImage, openImage, readManifestText } from '../checks/open-image.ts'
import { requireWritten } from './read-words.ts'

/** What a change of an image's words would do. */
export interface PlannedWords extends OpenImage {
  readonly before: string
  /** Equal to `before` where there are faults in writing it. */
  readonly after: string
  readonly faults: readonly GalleryFieldFault[]
  /** Absent while there are faults. */
  readonly preview?: Preview
}

/** Fields of a manifest that are no fields of its one image. */
const NOT_OF_IMAGES = ['$schema', 'extends', 'defaults', 'images']

/** Writes nothing. @throws ActionRefusedError when the file is another one than the page saw */
export async function planWords(
  { image: id, digest, edits }: Omit<GalleryWordsChange, 'token'>,
  images: DevImages,
): Promise<PlannedWords> {
  const open = await openImage(id, images)
  const { text: before, digest: present } = await readManifestText(open.file)
  if (present !== digest) throw changedMeanwhile(id.manifest)
  const other = edits.find(({ path: [field = ''] }) => NOT_OF_IMAGES.includes(field))
  if (other) throw new ActionRefusedError(`\`${other.path[0]}\` is not a field of an image.`)
  const { name } = requireWritten(before, id, open.manifest)
  const places = { file: id.manifest, name }
  let after = before
  try {
    after = editImage(before, name, edits, id.manifest)
    if (after === before) return { ...open, before, after, faults: [] }
    const preview = await images.pipeline.preview(open.file, after)
    return { ...open, before, after, faults: [], preview }
  } catch (error) {
    return { ...open, before, after, faults: faultsOf(error, after, places) }
  }
}

export function changedMeanwhile(manifest: string): ActionRefusedError {
  return new ActionRefusedError(
    `${manifest} changed since this page read it, so nothing was written. Read its words again.`,
  )
}

function faultsOf(
  error: unknown,
  text: string,
  { file, name }: { readonly file: string; readonly name: string | undefined },
): readonly GalleryFieldFault[] {
  if (error instanceof ReferenceGraphError) {
    return [{ path: ['references'], line: 1, column: 1, message: error.message }]
  }
  if (!(error instanceof ManifestError)) throw error
  return error.diagnostics.map(({ file: where, line, column, message, hint }) => {
    const path = where === file ? findField(text, name, { line, column }) : undefined
    return { ...(path && { path }), line, column, message, ...(hint !== undefined && { hint }) }
  })
}

/** The images that would be requested: those that have no picture, and no answer that ended them. */
export function neededRequests(preview: Preview | undefined): readonly PreviewedImage[] {
  return (preview?.images ?? []).filter(({ planned: { status } }) =>
    ['missing', 'blocked', 'uncertain'].includes(status.state),
  )
}
