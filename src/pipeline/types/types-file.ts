import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import { renderTypes, sameTypes, typesPathOf } from '../../module/render-types.ts'
import type { Original } from '../../originals/original.ts'
import { planFiles } from '../../renditions/plan-renditions.ts'
import { readIfThere } from '../../system/present-file.ts'
import { writeAtomically } from '../../system/write-atomically.ts'

/** Where types are written, and whether. */
export type TypesOptions = Pick<ResolvedOptions, 'root' | 'cacheDir' | 'types'>

/**
 * Absolute path of a manifest's type file; undefined when it has none.
 * @param manifest path relative to the root, with slashes
 */
export function typesFileOf(
  { root, cacheDir, types }: TypesOptions,
  manifest: string,
): string | undefined {
  // A tree that mirrors the root has no place for files outside of it.
  if (types === false || manifest.startsWith('../') || path.isAbsolute(manifest)) return undefined
  const base = types === 'mirror' ? path.join(cacheDir, 'types') : root
  return path.join(base, typesPathOf(manifest))
}

/**
 * The exact types of a manifest whose originals are these, as far as they are there. Encodes nothing.
 */
export function describeTypes(manifest: Manifest, made: ReadonlyMap<ImageKey, Original>): string {
  return renderTypes(manifest, ({ id, output }) => {
    const original = made.get(imageKey(id))
    return original && planFiles(original.entry, output)
  })
}

/**
 * Writes a manifest's types when they changed, from what the pipeline knows already. Types help
 * editors and no build depends on them, so every failure is only a warning.
 */
export async function keepTypes(
  manifest: Manifest,
  made: ReadonlyMap<ImageKey, Original>,
  options: TypesOptions,
  warn: (message: string) => void,
): Promise<void> {
  const file = typesFileOf(options, manifest.path)
  if (file === undefined) return
  const content = describeTypes(manifest, made)
  try {
    if ((await compareTypes(file, content)) !== 'current') await writeAtomically(file, content)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    warn(
      `The types of ${manifest.path} were not written: ${reason}. Set \`types\` to false where nothing can be written.`,
    )
  }
}

/** How a type file stands to what it should be. */
export async function compareTypes(
  file: string,
  content: string,
): Promise<'current' | 'changed' | 'missing'> {
  const before = await readIfThere(file)
  if (before === undefined) return 'missing'
  return sameTypes(before, content) ? 'current' : 'changed'
}
