import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../errors/store-error.ts'
import { systemCode } from './system-error.ts'

/** Begins the names of unfinished folders beside committed files: never the name of an object. */
export const STAGE_PREFIX = '.tmp-'

/** What file systems without hard links answer. Windows says EISDIR for an unsupported function. */
const LINK_REFUSED = new Set([
  'EPERM',
  'EACCES',
  'EXDEV',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EISDIR',
])

/** A name that no other process or thread uses. */
export function uniqueName(): string {
  return `${process.pid}-${randomUUID()}`
}

/** How far what is written is to be trusted. */
export interface Durability {
  /**
   * False: what is written survives the death of processes, not a power loss.
   * @default true
   */
  readonly synced?: boolean
}

/** Writes a new file. One that could not be synced is removed: its state is unknown. */
export async function writeNew(
  path: string,
  bytes: Uint8Array,
  { synced = true }: Durability = {},
): Promise<void> {
  const handle = await open(path, 'wx')
  try {
    await handle.writeFile(bytes)
    if (synced) await handle.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** Syncs the bytes of a file that was written by other means. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes names that were added to or removed from a folder survive a power loss. */
export async function syncDirectory(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
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
 * Creates a folder and those above it, each of which survives a power loss.
 * @returns false when it was there already
 */
export async function ensureDirectory(path: string, durability: Durability = {}): Promise<boolean> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') {
      if ((await stat(path)).isDirectory()) return false
      throw new StoreError(
        `A file stands where a folder of the store belongs: ${path}. Move it away and run again.`,
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

/**
 * Gives a complete, synced file its final name unless something has that name; `file` keeps its
 * own. Durable when it resolves, and for `present` as well, since whoever was first may have died
 * before syncing the folder. Where the file system has no hard links, `target` becomes a folder
 * that holds the file: renaming a folder fails on an existing file and on a folder that is not
 * empty, so that both forms exclude one another.
 */
export async function publishFile(
  file: string,
  target: string,
  { synced = true }: Durability = {},
): Promise<'stored' | 'present'> {
  const outcome = await claim(file, target)
  if (synced) await syncDirectory(dirname(target))
  return outcome
}

/** Where the bytes of a published file lie when `target` is a folder. */
export function insideFolderForm(target: string): string {
  return join(target, basename(target))
}

async function claim(file: string, target: string): Promise<'stored' | 'present'> {
  try {
    await link(file, target)
    return 'stored'
  } catch (error) {
    const code = systemCode(error) ?? ''
    if (code === 'EEXIST') {
      // A network file system may have linked it and lost the answer.
      if (await isSameFile(file, target)) return 'stored'
      return (await isPublished(target)) ? 'present' : claim(file, target)
    }
    if (LINK_REFUSED.has(code)) return claimByFolder(file, target)
    throw error
  }
}

async function claimByFolder(file: string, target: string): Promise<'stored' | 'present'> {
  // Beside the target, not in the temporary folder, which may be on another file system.
  const stage = join(dirname(target), STAGE_PREFIX + uniqueName())
  try {
    await mkdir(stage)
    const copy = join(stage, basename(target))
    await copyFile(file, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    await syncFile(copy)
    await syncDirectory(stage)
    await rename(stage, target)
    return 'stored'
  } catch (error) {
    await rm(stage, { recursive: true, force: true })
    const code = systemCode(error) ?? ''
    // Windows answers EPERM or EACCES where others say what stands in the way.
    const taken = ['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM', 'EACCES'].includes(code)
    if (taken && (await isPublished(target))) return 'present'
    throw error
  }
}

/** Removes an empty folder that stands in the way: a published one is never empty. */
async function isPublished(target: string): Promise<boolean> {
  const found = await statIfThere(target)
  if (!found) return false
  if (!found.isDirectory()) return true
  if (await statIfThere(insideFolderForm(target))) return true
  try {
    await rmdir(target)
    return false
  } catch (error) {
    const code = systemCode(error) ?? ''
    if (code === 'ENOENT') return false
    if (!['ENOTEMPTY', 'EEXIST'].includes(code)) throw error
    // Somebody published in between, or it is a folder that has no business here.
    if (await statIfThere(insideFolderForm(target))) return true
    throw new StoreError(
      `A folder stands where a file of the store belongs: ${target}. Move it away and run again.`,
      { cause: error },
    )
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([
    stat(a, { bigint: true }),
    stat(b, { bigint: true }).catch(() => undefined),
  ])
  return first.ino !== 0n && first.ino === second?.ino && first.dev === second.dev
}

async function statIfThere(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
