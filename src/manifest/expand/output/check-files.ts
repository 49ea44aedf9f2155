import type { ManifestImage } from '../../manifest.ts'
import type { Faults } from '../../source/faults.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import { placeOf } from '../layers.ts'
import { foldName } from '../names/file-names.ts'
import { outputNames } from '../names/output-names.ts'

interface ResolvedImage {
  readonly image: ExpandedImage
  readonly result: ManifestImage
}

/** Reports files with the same name: one would overwrite the other. */
export function checkFiles(images: readonly ResolvedImage[], faults: Faults): void {
  const taken = new Map<string, { readonly owner: string; readonly file: string }>()
  for (const one of images) {
    const owner = one.result.id.name
    for (const file of outputNames(one.result.output)) {
      const folded = foldName(file)
      const other = taken.get(folded)
      if (!other) taken.set(folded, { owner, file })
      else {
        reportClash(one, file, other, faults)
        // One clash of a set says it all.
        break
      }
    }
  }
}

function reportClash(
  { image, result }: ResolvedImage,
  file: string,
  other: { readonly owner: string; readonly file: string },
  faults: Faults,
): void {
  const { name } = result.id
  const key = result.output.file === file ? 'file' : 'files'
  const place = placeOf(image.layers, 'output', key)
  if (!place) return
  const shown = JSON.stringify(file)
  const message =
    other.owner === name
      ? `\`${name}\` has two files of the name ${shown}.`
      : other.file === file
        ? `\`${other.owner}\` and \`${name}\` would both be emitted as ${shown}.`
        : `\`${other.owner}\` is emitted as ${JSON.stringify(other.file)} and \`${name}\` as ${shown}, which some file systems treat as the same name.`
  faults.add(
    place.yaml.source.diagnostic(
      place.yaml.valueSpan(place.path),
      message,
      image.name === image.writtenName
        ? 'Give each its own name.'
        : 'Use a variable of the matrix in the name, like `og/{{theme}}.png`.',
    ),
  )
}
