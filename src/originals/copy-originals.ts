import { CorruptOriginalError } from '../errors/corrupt-original-error.ts'
import type { Key } from '../plan/image-request.ts'
import { createDiskObjects } from './disk-objects.ts'
import type { ProvePicture } from './original.ts'
import { createOriginalStore } from './original-store.ts'
import { createSharedStore } from './shared-store.ts'
import { readEntry } from './stored-entries.ts'

export interface CacheCopy {
  /** Cache directory whose originals are copied; it is only read. */
  readonly from: string
  readonly to: string
  readonly prove: ProvePicture
  onWarning(message: string): void
}

export interface CopiedOriginal {
  /** `different`: there is another picture of the same request, which stays. */
  readonly outcome: 'copied' | 'present' | 'different'
  /** Bytes of the picture. */
  readonly bytes: number
}

/** The originals of one cache directory, each ready to be copied to another, verified. */
export async function* copyOriginals({
  from,
  to,
  prove,
  onWarning,
}: CacheCopy): AsyncGenerator<{ readonly key: Key; copy(): Promise<CopiedOriginal> }> {
  const objects = createDiskObjects(from)
  const shared = createSharedStore({ objects, access: 'read-only', onWarning })
  const store = createOriginalStore({ dir: to, shared, prove, onWarning })
  const keys: Key[] = []
  for await (const key of store.shared?.keys() ?? []) keys.push(key)
  for (const key of keys) {
    yield {
      key,
      async copy() {
        const found = await store.look(key)
        if (found.state !== 'ready') {
          throw new CorruptOriginalError(
            found.state === 'corrupt' ? found.problem : `${from} lost ${key} meanwhile.`,
          )
        }
        const { digest, size } = found.original.entry
        if (found.where === 'shared') return { outcome: 'copied', bytes: size }
        const there = await readEntry(objects, key)
        const isSame = there && 'entry' in there && there.entry.digest === digest
        return { outcome: isSame ? 'present' : 'different', bytes: size }
      },
    }
  }
}
