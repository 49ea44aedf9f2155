import { readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { isManifestName } from '../../manifest/source/manifest-name.ts'

/** Installed packages and git's own files: builds find manifests there only by an explicit glob. */
const SKIPPED = new Set(['node_modules', '.git'])

/**
 * Absolute paths of all manifests below a folder that any build could use, whatever its `include`
 * and `exclude`: in hidden folders and behind links as well.
 */
export async function findEveryManifest(root: string): Promise<readonly string[]> {
  const found: string[] = []

  /** @param above real paths of the folders on the way here, so that no link leads in a circle */
  async function visit(folder: string, above: ReadonlySet<string>): Promise<void> {
    const real = await realpath(folder)
    if (above.has(real)) return
    const within = new Set(above).add(real)
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name)
      const kind = entry.isSymbolicLink() ? await stat(file).catch(() => undefined) : entry
      if (kind?.isDirectory() && !SKIPPED.has(entry.name)) await visit(file, within)
      else if (kind?.isFile() && isManifestName(entry.name)) found.push(file)
    }
  }

  await visit(root, new Set())
  return found.sort()
}
