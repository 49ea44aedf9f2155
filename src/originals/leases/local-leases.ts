import { rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createDiskObjects } from '../objects/disk-objects.ts'
import { createLeases, type Leases, type LeasesOptions } from './leases.ts'

/**
 * Leases among the processes that share a cache directory; they stay out of what is committed. Not
 * synced: no process survives a power loss, and what was sent until then is in the journal.
 */
export function createLocalLeases(
  cacheDir: string,
  options: Omit<LeasesOptions, 'objects' | 'removeFolder'> = {},
): Leases {
  const folder = join(cacheDir, 'local')
  const temporary = join(folder, 'tmp')
  const objects = createDiskObjects(folder, { temporary, synced: false })
  return createLeases({
    objects,
    ...options,
    async removeFolder(name) {
      // Windows may refuse to create a folder anew as long as somebody reads the removed one.
      if (process.platform === 'win32') return
      // Another process may have begun anew in it.
      await rmdir(join(folder, name)).catch(() => undefined)
    },
  })
}
