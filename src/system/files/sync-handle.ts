import { fsync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'

const sync = promisify(fsync)

/**
 * Flushes an open file or folder to its disk with the system call of `handle.sync()`. Yarn's
 * Plug'n'Play replaces Node's file handles by its own, which have no `sync()`.
 */
export function syncHandle({ fd }: Pick<FileHandle, 'fd'>): Promise<void> {
  return sync(fd)
}
