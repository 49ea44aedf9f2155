import type { Diagnostic } from '../../../errors/manifest-error.ts'
import { formatImageId } from '../../image-id.ts'
import type { ManifestImage } from '../../manifest.ts'
import { foldName } from './file-names.ts'
import { outputNames } from './output-names.ts'

/** One name of an image. */
interface Emitted {
  readonly image: ManifestImage
  readonly file: string
}

/**
 * Finds images of different manifests whose file names are equal, or that some file systems do not
 * tell apart. Within one manifest the parser reports such names.
 *
 * @returns one fault for the later image of two, whatever the order of `images`
 */
export function findFileClashes(images: Iterable<ManifestImage>): readonly Diagnostic[] {
  const byName = new Map<string, Emitted>()
  const faults: Diagnostic[] = []
  for (const image of [...images].sort(byManifest)) {
    for (const file of outputNames(image.output)) {
      const emitted = { image, file }
      const first = byName.get(foldName(file))
      if (!first) byName.set(foldName(file), emitted)
      else if (first.image.id.manifest !== image.id.manifest) {
        faults.push(...clash(emitted, first))
        // One clash of a set says it all.
        break
      }
    }
  }
  return faults
}

function byManifest({ id: a }: ManifestImage, { id: b }: ManifestImage): number {
  if (a.manifest === b.manifest) return 0
  return a.manifest < b.manifest ? -1 : 1
}

function clash(
  { image, file: later }: Emitted,
  { image: first, file: earlier }: Emitted,
): readonly Diagnostic[] {
  const [file, other] = [later, earlier].map(name => JSON.stringify(name))
  const { fileAt, id } = image
  if (!fileAt || !first.fileAt) return []
  const { file: manifest, line, column } = first.fileAt
  const [name, otherName] = [formatImageId(id), formatImageId(first.id)]
  const place = `${otherName} (${manifest}:${line}:${column})`
  const message =
    file === other
      ? `${place} and ${name} would both be emitted as ${file}.`
      : `${place} is emitted as ${other} and ${name} as ${file}, which some file systems treat as the same name.`
  return [{ ...fileAt, message, hint: 'Give each its own name.' }]
}
