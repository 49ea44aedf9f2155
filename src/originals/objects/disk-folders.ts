import type { Dirent } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { storeFault, systemCode } from '../../system/system-error.ts'
import type { ObjectInfo } from './object-store.ts'
import { insideFolderForm, STAGE_PREFIX, statIfThere } from './published-file.ts'

/** Lower case only, since some file systems do not tell cases apart; no segment begins with a dot. */
const NAME = /^[a-z0-9_-][a-z0-9._-]*(?:\/[a-z0-9_-][a-z0-9._-]*)*$/

export function isObjectName(name: string): boolean {
  return NAME.test(name)
}

/** Every object below `root/folder` whose name begins with `prefix`. */
export async function* listObjects(
  root: string,
  folder: string,
  prefix: string,
): AsyncGenerator<ObjectInfo> {
  const directory = join(root, ...folder.split('/'))
  try {
    for (const item of await entriesOf(directory)) {
      const name = folder ? `${folder}/${item.name}` : item.name
      const inReach = name.startsWith(prefix) || prefix.startsWith(`${name}/`)
      if (!inReach || !isObjectName(name)) continue
      const path = join(directory, item.name)
      const inner = item.isDirectory() ? insideFolderForm(path) : path
      const stats = statIfThere(inner)
      if (stats?.isFile()) {
        if (name.startsWith(prefix)) yield { name, size: stats.size, modified: stats.mtime }
      } else if (item.isDirectory()) {
        yield* listObjects(root, name, prefix)
      }
    }
  } catch (error) {
    throw storeFault(`${directory} can't be listed`, error)
  }
}

/**
 * Removes all that lies in a folder and is old enough.
 * @param before milliseconds since 1970
 */
export async function sweepFolder(directory: string, before: number): Promise<void> {
  for (const item of await entriesOf(directory)) {
    await removeIfOlder(join(directory, item.name), before)
  }
}

/** Removes unfinished folders beside committed files, however deep. */
export async function sweepStages(directory: string, before: number): Promise<void> {
  for (const item of await entriesOf(directory)) {
    if (!item.isDirectory()) continue
    const path = join(directory, item.name)
    if (item.name.startsWith(STAGE_PREFIX)) await removeIfOlder(path, before)
    else await sweepStages(path, before)
  }
}

async function removeIfOlder(path: string, before: number): Promise<void> {
  const stats = statIfThere(path)
  if (stats && stats.mtimeMs < before) await rm(path, { recursive: true, force: true })
}

/** In one go: the originals of thousands lie in hundreds of small folders. */
async function entriesOf(directory: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true })
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
