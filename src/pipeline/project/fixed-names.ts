import path from 'node:path'
import { ManifestError } from '../../errors/manifest-error.ts'
import { findFileClashes } from '../../manifest/expand/names/file-clashes.ts'
import { outputNames } from '../../manifest/expand/names/output-names.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { ManifestReader } from './read-images.ts'

/** Names under which the images of one pipeline are emitted (`output.file` and `output.files`). */
export interface FixedNames {
  /**
   * Notes the names of a manifest that a build takes.
   * @throws ManifestError when another one that it took has one of them
   */
  claim(manifest: Manifest, reader: ManifestReader): Promise<void>
}

export function createFixedNames(root: string): FixedNames {
  /** Manifests that have fixed names, by path. */
  const taken = new Map<string, Manifest>()

  function note(manifest: Manifest): void {
    if (manifest.images.some(({ output }) => outputNames(output).length > 0)) {
      taken.set(manifest.path, manifest)
    } else {
      taken.delete(manifest.path)
    }
  }

  const findClashes = () => findFileClashes([...taken.values()].flatMap(({ images }) => images))

  return {
    async claim(manifest, reader) {
      note(manifest)
      if (!taken.has(manifest.path) || findClashes().length === 0) return
      // While a host watches, the others may have been edited or removed since. Loading them reports
      // their own faults.
      for (const name of [...taken.keys()]) {
        const current = await reader.read(path.join(root, name)).catch(() => undefined)
        if (current) note(current)
        else taken.delete(name)
      }
      const clashes = findClashes()
      if (clashes.length > 0) throw new ManifestError(clashes)
    },
  }
}
