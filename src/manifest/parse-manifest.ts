import { createFaults } from './faults.ts'
import type { Manifest } from './manifest.ts'
import type { ManifestOptions } from './manifest-options.ts'
import { projectPath } from './project-path.ts'
import { resolveManifest } from './resolve-manifest.ts'
import { createSourceText, type SourceText, type Span } from './source-text.ts'
import type { TextFile } from './text-file.ts'
import { parseText } from './written-manifest.ts'
import { parseYaml } from './yaml-source.ts'

/**
 * Makes a manifest of its text. Touches no disk.
 *
 * @param bases What the manifest extends, the farthest first; {@link readManifest} finds them.
 * @throws ManifestError with all faults at once.
 */
export function parseManifest(
  { file, text }: TextFile,
  options: ManifestOptions,
  bases: readonly TextFile[] = [],
): Manifest {
  const faults = createFaults()
  const own = parseText(text, projectPath(options.root, file), faults, 'manifest')
  const parsedBases = bases.flatMap(base => {
    return parseText(base.text, projectPath(options.root, base.file), faults, 'base') ?? []
  })
  if (!own || parsedBases.length < bases.length) {
    faults.throwIfAny()
    throw new TypeError(`${file} has no value and no fault.`)
  }
  const manifest = resolveManifest(own, parsedBases, file, options, faults)
  faults.throwIfAny()
  return manifest
}

/** Where a manifest says what it extends; undefined when it says nothing usable. */
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
