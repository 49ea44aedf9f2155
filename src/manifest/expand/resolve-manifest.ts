import type { Manifest, ManifestImage } from '../manifest.ts'
import type { ManifestOptions } from '../manifest-options.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import { singleImageName } from '../single-image-name.ts'
import type { Faults } from '../source/faults.ts'
import type { TextFile } from '../source/text-file.ts'
import { expandImages } from './expand-images.ts'
import type { ExpandedImage } from './expanded-image.ts'
import { defaultLayers } from './layers.ts'
import { checkFiles } from './output/check-files.ts'
import { checkParams } from './params.ts'
import { createReferenceResolver } from './references/resolve-references.ts'
import { type ImageContext, resolveImage } from './resolve-image.ts'

/** The most characters of prompts and alternative texts in one manifest, with style and variables. */
const MAX_TEXT_LENGTH = 64 * 1024 * 1024

export interface ParsedTexts {
  readonly own: ParsedText
  /** What the manifest extends, the farthest first. */
  readonly bases: readonly ParsedText[]
}

/** Applies `extends`, `defaults`, `matrix` and variables. */
export function resolveManifest(
  { own, bases }: ParsedTexts,
  { file, within }: Omit<TextFile, 'text'>,
  options: ManifestOptions,
  faults: Faults,
): Manifest {
  const path = own.yaml.source.file
  const below = defaultLayers([...bases, own])
  const expanded = expandImages(own, below, singleImageName(file), faults)
  const bounds = { root: options.root, within: within ?? options.root }
  const references = createReferenceResolver({ own, expanded, file, ...bounds, faults })
  const context: ImageContext = { manifest: path, options, references, faults, told: new Set() }
  for (const layer of below) checkParams(layer, faults)

  const resolved: { readonly image: ExpandedImage; readonly result: ManifestImage }[] = []
  let length = 0
  for (const image of expanded) {
    const result = resolveImage(image, context)
    length += result.prompt.length + (result.alt?.length ?? 0)
    if (length > MAX_TEXT_LENGTH) {
      const message = `The texts of this manifest's images have more than ${MAX_TEXT_LENGTH} characters in total.`
      const hint = 'Shorten the shared texts, or spread the images over several manifests.'
      faults.add(own.yaml.source.diagnostic(image.span, message, hint))
      break
    }
    resolved.push({ image, result })
  }
  checkFiles(resolved, faults)
  return {
    path,
    single: own.written.images === undefined && own.written.matrix === undefined,
    images: resolved.map(({ result }) => result),
    extends: bases.map(({ yaml }) => yaml.source.file),
  }
}
