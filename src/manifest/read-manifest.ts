import { followPackages } from './follow-packages.ts'
import type { Manifest } from './manifest.ts'
import type { ManifestOptions } from './manifest-options.ts'
import type { ManifestParser } from './manifest-parser.ts'
import { findExportedFile } from './packages/find-package.ts'
import { readBases } from './read-bases.ts'
import { readText } from './source/read-text.ts'
import type { TextFile } from './source/text-file.ts'

/**
 * Reads a manifest and what it extends.
 *
 * @param file Absolute path.
 * @param parse Made for the same root.
 * @param given What its text would be; absent: what is on disk.
 * @throws ManifestError with all faults at once, also when the file cannot be read.
 */
export async function readManifest(
  file: string,
  { root }: Pick<ManifestOptions, 'root'>,
  parse: ManifestParser,
  given?: string,
): Promise<Manifest> {
  const own = await readOwn(file, root, given)
  const manifest = await parse(own, await readBases(own, root))
  return followPackages(manifest, own, root)
}

/** A manifest's own text; that of a package stays within its package. */
async function readOwn(file: string, root: string, given?: string): Promise<TextFile> {
  const within = (await findExportedFile(file, root))?.package.root
  const text = given ?? (await readText(file, { root, within }))
  return { file, text, ...(within !== undefined && { within }) }
}
