import { isDeepStrictEqual } from 'node:util'
import { projectPath } from '../system/project-path.ts'
import { type ParsedTexts, resolveManifest } from './expand/resolve-manifest.ts'
import type { Manifest, ManifestImage } from './manifest.ts'
import type { ManifestOptions } from './manifest-options.ts'
import { parseText, type Reading } from './schema/written-manifest.ts'
import { createFaults, type Faults } from './source/faults.ts'
import { createSourceText, type SourceText, type Span } from './source/source-text.ts'
import type { TextFile } from './source/text-file.ts'
import { parseYaml } from './source/yaml-source.ts'

/**
 * Parses the text of a manifest. Does not access the disk.
 *
 * @param bases What the manifest extends, the farthest first; {@link readManifest} finds them.
 * @throws ManifestError with all faults at once.
 */
export function parseManifest(
  own: TextFile,
  options: ManifestOptions,
  bases: readonly TextFile[] = [],
): Manifest {
  const faults = createFaults()
  const texts = parseTexts([own, ...bases], options.root, faults, 'as-written')
  if (!texts) {
    faults.throwIfAny()
    throw new TypeError(`${own.file} has no value and no fault.`)
  }
  const manifest = resolveManifest(texts, own, options, faults)
  faults.throwIfAny()
  return withEarlierTexts(manifest, texts, [own, ...bases], options)
}

/** The manifest's own text first, then the ones that it extends; undefined when one cannot be parsed. */
function parseTexts(
  texts: readonly TextFile[],
  root: string,
  faults: Faults,
  reading: Reading,
): ParsedTexts | undefined {
  const [own, ...bases] = texts.map(({ file, text }, index) => {
    const named = { file: projectPath(root, file), text }
    return parseText(named, faults, index === 0 ? 'manifest' : 'base', reading)
  })
  const sound = bases.filter(base => base !== undefined)
  return own && sound.length === bases.length ? { own, bases: sound } : undefined
}

/** Adds to each image what 0.1.0 sent for these texts, if that was different. */
function withEarlierTexts(
  manifest: Manifest,
  { own, bases }: ParsedTexts,
  texts: readonly TextFile[],
  options: ManifestOptions,
): Manifest {
  if (![own, ...bases].some(({ readsDifferently }) => readsDifferently)) return manifest
  // Faults in the earlier reading alone mean that 0.1.0 refused the manifest.
  const faults = createFaults()
  const earlier = parseTexts(texts, options.root, faults, 'earlier')
  const [first] = texts
  const before = earlier && first && resolveManifest(earlier, first, options, faults)
  if (!before || faults.any || before.images.length !== manifest.images.length) return manifest
  return {
    ...manifest,
    images: manifest.images.map((image, index) => withEarlierText(image, before.images[index])),
  }
}

function withEarlierText(image: ManifestImage, before: ManifestImage | undefined): ManifestImage {
  if (!before) return image
  const { earlier: _, ...rest } = image
  const earlier = before.earlier ?? { prompt: before.prompt, params: before.params }
  const now = { prompt: image.prompt, params: image.params }
  return isDeepStrictEqual(earlier, now) ? rest : { ...rest, earlier }
}

/** Where a manifest says what it extends; undefined when it does not, or not in a usable way. */
export function findExtends(
  { file, text }: TextFile,
  root: string,
): { readonly path: string; readonly source: SourceText; readonly span: Span } | undefined {
  const source = createSourceText(projectPath(root, file), text)
  const yaml = parseYaml(source, createFaults())
  const value = yaml?.value
  if (typeof value !== 'object' || value === null || !('extends' in value)) return undefined
  if (typeof value.extends !== 'string' || value.extends.trim() === '') return undefined
  return { path: value.extends, source, span: yaml?.valueSpan(['extends']) ?? { start: 0, end: 0 } }
}
