import path from 'node:path'
import { ManifestError } from '../errors/manifest-error.ts'
import type { ManifestReader } from './project/read-images.ts'

/**
 * Absolute paths whose change changes a manifest's module, through references as well. Of what
 * cannot be read there is at least its own path: mending it has to be noticed.
 * @param manifest path relative to the root, with slashes
 */
export async function watchFilesOf(
  manifest: string,
  root: string,
  reader: ManifestReader,
): Promise<readonly string[]> {
  const files = new Set<string>()
  const visited = new Set<string>()
  async function addManifest(name: string): Promise<void> {
    if (visited.has(name)) return
    visited.add(name)
    const file = path.join(root, name)
    files.add(file)
    const read = await reader.read(file).catch(toFaults)
    if (read instanceof ManifestError) {
      for (const fault of read.diagnostics) files.add(path.join(root, fault.file))
      return
    }
    for (const parent of read.extends) files.add(path.join(root, parent))
    for (const { source } of read.images) {
      if (source) files.add(path.resolve(root, path.dirname(name), source.path))
    }
    for (const reference of read.images.flatMap(image => image.references)) {
      if (reference.mask) files.add(path.resolve(root, path.dirname(name), reference.mask.path))
      if (reference.kind === 'image') await addManifest(reference.image.manifest)
      else files.add(path.resolve(root, path.dirname(name), reference.path))
    }
  }
  await addManifest(manifest)
  return [...files]
}

function toFaults(error: unknown): ManifestError {
  if (error instanceof ManifestError) return error
  throw error
}
