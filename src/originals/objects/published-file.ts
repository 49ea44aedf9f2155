import { constants, type Stats, statSync } from 'node:fs'
import { copyFile, link, mkdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../../errors/store-error.ts'
import {
  type Durability,
  syncDirectory,
  syncFile,
  uniqueName,
} from '../../system/files/durable-file.ts'
import { systemCode } from '../../system/system-error.ts'

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

export interface PublishedFile {
  readonly path: string
  readonly stats: Stats
}

/** Finds either form of a published file; an empty folder is what a removed one leaves. */
export function locatePublished(target: string): PublishedFile | undefined {
  for (const path of [target, insideFolderForm(target)]) {
    const stats = statIfThere(path)
    if (!stats) return undefined
    if (stats.isFile()) return { path, stats }
    if (!stats.isDirectory()) break
  }
  throw new StoreError(`${target} is not a regular file. Move it away and run again.`)
}

/**
 * Gives a complete, synced file its final name unless something has that name; `file` keeps its
 * own. Durable when it resolves, and for `present` as well, since the first writer may have died
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
  const found = statIfThere(target)
  if (!found) return false
  if (!found.isDirectory()) return true
  if (statIfThere(insideFolderForm(target))) return true
  try {
    await rmdir(target)
    return false
  } catch (error) {
    const code = systemCode(error) ?? ''
    if (code === 'ENOENT') return false
    if (!['ENOTEMPTY', 'EEXIST'].includes(code)) throw error
    // Somebody published in between, or it is a folder that has no business here.
    if (statIfThere(insideFolderForm(target))) return true
    throw new StoreError(
      `${target} is a folder, but the store needs a file there. Move it away and run again.`,
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

/** @returns false when nothing was there */
export async function removePublished(target: string): Promise<boolean> {
  try {
    await unlink(target)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT') return false
    // EISDIR on Linux, EPERM elsewhere, when it is a folder that holds the file.
    if (!statIfThere(target)?.isDirectory()) throw error
    const aside = join(dirname(target), STAGE_PREFIX + uniqueName())
    await rename(target, aside)
    await rm(aside, { recursive: true, force: true })
  }
  return true
}

/**
 * Asked for thousands of times to plan a large project. Handing such a question to another thread
 * and being woken takes ten times as long as the file system does.
 */
export function statIfThere(path: string): Stats | undefined {
  try {
    // Not `throwIfNoEntry: false`, which takes a file in a folder's place for nothing at all.
    return statSync(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
