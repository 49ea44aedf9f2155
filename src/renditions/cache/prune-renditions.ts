import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isDigest } from '../../system/digest.ts'
import { writeAtomically } from '../../system/write-atomically.ts'
import { parseRecord, type RenditionRecord } from './rendition-record.ts'

const DAY = 86_400_000

export interface PruneRenditionsOptions {
  /** Absolute path of the folder for renditions. */
  readonly cacheDir: string
  /** Days since the last use after which a rendition goes; 0: all of them. */
  readonly unusedDays: number
  /** Counts, but deletes nothing. */
  readonly dryRun?: boolean
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
}

export interface PrunedRenditions {
  readonly files: number
  /** Of these files. */
  readonly bytes: number
}

/**
 * Deletes renditions that were not used for some time, and what interrupted builds left behind.
 * Whatever goes is made again when it is needed; only files that look like ours are touched.
 */
export async function pruneRenditions({
  cacheDir,
  unusedDays,
  dryRun = false,
  now = Date.now,
}: PruneRenditionsOptions): Promise<PrunedRenditions> {
  const since = Math.floor(now() / DAY) - unusedDays
  const isStale = (day: number) => unusedDays === 0 || day < since
  const kept = new Set<string>()
  let [files, bytes] = [0, 0]

  async function drop(path: string, size: number): Promise<void> {
    files += 1
    bytes += size
    if (!dryRun) await rm(path, { force: true })
  }

  const records = join(cacheDir, 'records')
  for (const name of await namesIn(records)) {
    if (!name.endsWith('.json')) continue
    const path = join(records, name)
    const record = parseRecord(await readFile(path, 'utf8'))
    const rest = withoutStale(record, isStale)
    for (const key of Object.keys(rest.renditions)) kept.add(key)
    const { size, mtimeMs } = await stat(path)
    const isEmpty = Object.keys(rest.renditions).length === 0
    if (isEmpty && isStale(Math.floor(mtimeMs / DAY))) await drop(path, size)
    else if (!dryRun) await writeAtomically(path, JSON.stringify(rest))
  }
  for (const folder of await namesIn(cacheDir)) {
    if (folder !== 'records' && !/^[0-9a-f]{2}$/.test(folder)) continue
    for (const name of await namesIn(join(cacheDir, folder))) {
      const [key = ''] = name.split('.')
      const isRecord = folder === 'records' && name.endsWith('.json')
      if (isRecord || kept.has(key) || !isDigest(key)) continue
      const path = join(cacheDir, folder, name)
      const { size, mtimeMs } = await stat(path)
      // A build that runs now has written it and not yet its record.
      if (isStale(Math.floor(mtimeMs / DAY))) await drop(path, size)
    }
    if (!dryRun) await removeIfEmpty(join(cacheDir, folder))
  }
  return { files, bytes }
}

function withoutStale(record: RenditionRecord, isStale: (day: number) => boolean): RenditionRecord {
  const renditions = Object.entries(record.renditions).filter(([, { used }]) => !isStale(used))
  return { ...record, renditions: Object.fromEntries(renditions) }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => ignore(error, ['ENOENT', 'ENOTDIR'], []))
}

async function removeIfEmpty(folder: string): Promise<void> {
  const fine = ['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR']
  await rmdir(folder).catch((error: unknown) => ignore(error, fine, undefined))
}

function ignore<Instead>(error: unknown, codes: readonly string[], instead: Instead): Instead {
  if (error instanceof Error && 'code' in error && codes.includes(String(error.code)))
    return instead
  throw error
}
