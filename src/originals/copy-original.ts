import type { Key } from '../plan/image-request.ts'
import type { CacheCopy } from './copy-originals.ts'
import { createDiskObjects } from './objects/disk-objects.ts'
import { createSharedStore } from './objects/shared-store.ts'
import { createOriginalStore } from './store/original-store.ts'

/**
 * Copies one original from another cache directory, verified.
 * @returns whether it is there now
 */
export async function copyOriginal(
  key: Key,
  { from, to, prove, onWarning }: CacheCopy,
): Promise<boolean> {
  const objects = createDiskObjects(from)
  const shared = createSharedStore({ objects, access: 'read-only', onWarning })
  const store = createOriginalStore({ dir: to, shared, prove, onWarning })
  return (await store.status(key)).state === 'ready'
}
