import type { Diagnostic } from '../../../errors/manifest-error.ts'
import { formatImageId } from '../../image-id.ts'
import type { ManifestImage } from '../../manifest.ts'
import { foldName } from './file-names.ts'

/**
 * Finds images of different manifests whose file names are equal, or that some file systems do not
 * tell apart. Within one manifest the parser reports such names.
 *
 * @returns one fault for the later image of two, whatever the order of `images`
 */
export function findFileClashes(images: Iterable<ManifestImage>): readonly Diagnostic[] {
  const byName = new Map<string, ManifestImage>()
  const faults: Diagnostic[] = []
  for (const image of [...images].sort(byManifest)) {
    const { file } = image.output
    if (file === undefined) continue
    const first = byName.get(foldName(file))
    if (!first) byName.set(foldName(file), image)
    else if (first.id.manifest !== image.id.manifest) faults.push(...clash(image, first))
  }
  return faults
}

function byManifest({ id: a }: ManifestImage, { id: b }: ManifestImage): number {
  if (a.manifest === b.manifest) return 0
  return a.manifest < b.manifest ? -1 : 1
}

function clash(image: ManifestImage, first: ManifestImage): readonly Diagnostic[] {
  const [file, other] = [image.output.file, first.output.file].map(name => JSON.stringify(name))
  const { fileAt, id } = image
  if (!fileAt || !first.fileAt) return []
  const { file: manifest, line, column } = first.fileAt
  const [name, otherName] = [formatImageId(id), formatImageId(first.id)]
  const place = `${otherName} (${manifest}:${line}:${column})`
  const message =
    file === other
      ? `${place} and ${name} would both be emitted as ${file}.`
      : `${place} is emitted as ${other} and ${name} as ${file}: some file systems do not tell these names apart.`
  return [{ ...fileAt, message, hint: 'Give each a name of its own.' }]
}
