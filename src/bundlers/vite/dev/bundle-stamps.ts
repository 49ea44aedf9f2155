import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { sha256 } from '../../../system/digest.ts'

/**
 * Files that change when a manifest's pictures do. A development server that bundles makes a module
 * anew when a file that it watches has changed, and only then: nothing else can be asked of it.
 */
export interface BundleStamps {
  /** The file to watch for a manifest; undefined where none can be written. */
  prepare(manifest: string): Promise<string | undefined>
  /** The manifest's module is out of date. */
  renew(manifest: string): void
}

/**
 * @param folder absolute path; the host's own cache, so that nothing of it has to be removed
 * @param onError called once when the folder cannot be written
 */
export function createBundleStamps(folder: string, onError: (error: Error) => void): BundleStamps {
  const prepared = new Map<string, Promise<string | undefined>>()
  let isTold = false
  let count = 0

  async function write(manifest: string): Promise<string | undefined> {
    const name = sha256(manifest).slice(0, 16)
    const file = path.join(folder, name)
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(file, `${Date.now()} ${count++}\n`)
      return file
    } catch (thrown) {
      if (!isTold) onError(thrown instanceof Error ? thrown : new Error(String(thrown)))
      isTold = true
      return undefined
    }
  }

  return {
    prepare(manifest) {
      const file = prepared.get(manifest) ?? write(manifest)
      prepared.set(manifest, file)
      return file
    },
    renew(manifest) {
      if (prepared.has(manifest)) prepared.set(manifest, write(manifest))
    },
  }
}
