import type { Key } from '../../../plan/image-request.ts'
import { isSettled } from '../../../system/files/settled-file.ts'
import type { DiskObjects } from '../../objects/disk-objects.ts'
import { entryName, type ParsedEntry } from './entry.ts'
import { readEntryObject } from './stored-entries.ts'

/** Reads an entry of this machine; undefined when there certainly is none. */
export type ReadEntry = (key: Key) => Promise<ParsedEntry | undefined>

/**
 * Reads each entry once as long as its file stays the same: plans, lists and sums of costs ask for
 * the same thousands, and to read and check one takes ten times as long as to see that nothing
 * changed.
 * @param today milliseconds of the calendar that files' times are of
 */
export function createEntryReader(
  disk: Pick<DiskObjects, 'label' | 'get'>,
  today = Date.now,
): ReadEntry {
  const known = new Map<Key, { readonly identity: string; readonly read: ParsedEntry }>()

  return async key => {
    const object = await disk.get(entryName(key))
    const last = known.get(key)
    if (!object) {
      known.delete(key)
      return undefined
    }
    const { ino, size, mtimeMs, ctimeMs } = object.stats
    const identity = `${ino}.${size}.${mtimeMs}.${ctimeMs} ${object.path}`
    if (last?.identity === identity) return last.read
    const read = await readEntryObject(object, key)
    if (read && isSettled(object.stats, today())) known.set(key, { identity, read })
    else known.delete(key)
    return read
  }
}
