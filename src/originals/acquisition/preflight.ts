import { rm } from 'node:fs/promises'
import { writeNew } from '../../system/files/durable-file.ts'
import { createLazy } from '../../system/lazy.ts'
import { storeFault } from '../../system/system-error.ts'
import type { OriginalStore } from '../store/original-store.ts'

export interface PreflightDeps {
  readonly store: Pick<OriginalStore, 'temporaryFile'>
  /** Absolute path of the cache directory, for messages. */
  readonly dir: string
  /** Loads what will decode the answers. */
  readonly loadDecoder: () => Promise<unknown>
}

/** Bytes: more than what a disk keeps for names alone. */
const TRIAL = 64 * 1024

/**
 * Proves once that an answer could be decoded and kept, before anything is sent for it; again
 * after it failed.
 * @returns rejects with a StoreError, or with what the decoder says
 */
export function createPreflight(deps: PreflightDeps): () => Promise<void> {
  return createLazy(async () => {
    await Promise.all([deps.loadDecoder(), tryDisk(deps)])
  })
}

async function tryDisk({ store, dir }: PreflightDeps): Promise<void> {
  try {
    const file = await store.temporaryFile()
    await writeNew(file, Buffer.alloc(TRIAL))
    await rm(file, { force: true })
  } catch (error) {
    throw storeFault(`Nothing is requested, because ${dir} can't be written`, error)
  }
}
