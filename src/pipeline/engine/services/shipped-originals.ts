import path from 'node:path'
import type { ResolvedOptions } from '../../../config/options.ts'
import { findExportedFile } from '../../../manifest/packages/find-package.ts'
import { copyOriginal } from '../../../originals/copy-original.ts'
import type { WantedOriginal } from '../../../originals/original.ts'
import { hasEntries } from '../../../project/read-folders.ts'

export interface ShippedOriginals {
  /**
   * Copies the original of a package's image from the `.imagegen` that the package ships, which is
   * only read: a design system that ships its originals costs its users nothing.
   * @param manifest path relative to the root, with slashes
   * @returns whether something was copied
   */
  copy(manifest: string, wanted: WantedOriginal): Promise<boolean>
}

/** @param onWarning told what is wrong with what a package ships */
export function createShippedOriginals(
  options: ResolvedOptions,
  onWarning: (message: string) => void,
): ShippedOriginals {
  const { root, cacheDir, limits } = options
  /** By the manifest's path: the cache of its package. */
  const caches = new Map<string, Promise<string | undefined>>()

  async function findCache(manifest: string): Promise<string | undefined> {
    const found = await findExportedFile(path.join(root, manifest), root)
    const cache = found && path.join(found.package.root, '.imagegen')
    return cache && cache !== cacheDir && (await hasEntries(cache)) ? cache : undefined
  }

  return {
    async copy(manifest, { key, earlierKey }) {
      if (!isOutside(manifest)) return false
      const finding = caches.get(manifest) ?? findCache(manifest)
      caches.set(manifest, finding)
      const from = await finding
      if (from === undefined) return false
      const prove = async (file: string) => {
        const { provePicture } = await import('../../../renditions/encode/prove-picture.ts')
        return provePicture(file, limits)
      }
      for (const wanted of earlierKey === undefined ? [key] : [key, earlierKey]) {
        if (await copyOriginal(wanted, { from, to: cacheDir, prove, onWarning })) return true
      }
      return false
    },
  }
}

/** Whether a path may belong to a package. Most do not, and are not searched for one. */
function isOutside(manifest: string): boolean {
  const segments = manifest.split('/')
  return path.isAbsolute(manifest) || segments.some(it => it === '..' || it === 'node_modules')
}
