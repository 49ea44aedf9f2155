import { randomUUID } from 'node:crypto'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError } from '../../errors/store-error.ts'
import { systemCode } from '../system-error.ts'
import { syncHandle } from './sync-handle.ts'

/** A name that no other process or thread uses. */
export function uniqueName(): string {
  return `${process.pid}-${randomUUID()}`
}

/** How well a written file is protected. */
export interface Durability {
  /**
   * False: the file survives the death of processes, but not a power loss.
   * @default true
   */
  readonly synced?: boolean
}

/** Writes a new file. Removes it when it cannot be synced, because its state is unknown. */
export async function writeNew(
  path: string,
  bytes: Uint8Array,
  { synced = true }: Durability = {},
): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    await handle.writeFile(bytes)
    if (synced) await syncHandle(handle)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** Syncs the bytes of a file that something else wrote. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await syncHandle(handle)
  } finally {
    await handle.close()
  }
}

/** Makes the names in a folder, added and removed ones, survive a power loss. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await syncHandle(handle)
    } finally {
      await handle.close()
    }
  } catch (error) {
    // Windows can't sync folders and keeps their entries in order by itself.
    const code = systemCode(error) ?? ''
    if (process.platform === 'win32' && ['EPERM', 'EISDIR'].includes(code)) return
    throw error
  }
}

/**
 * Creates a folder and its parents, so that each of them survives a power loss.
 * @returns false when it existed already
 */
export async function ensureDirectory(path: string, durability: Durability = {}): Promise<boolean> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') {
      if ((await stat(path)).isDirectory()) return false
      throw new StoreError(
        `${path} is a file, but the store needs a folder there. Move it away and run again.`,
        { cause: error },
      )
    }
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await ensureDirectory(dirname(path), durability)
    return ensureDirectory(path, durability)
  }
  if (durability.synced !== false) await syncDirectory(dirname(path))
  return true
}
