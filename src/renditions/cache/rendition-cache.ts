import { type BigIntStats, readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, sha256 } from '../../system/digest.ts'
import { fileExtensionOf } from '../../system/file-type.ts'
import { isSettled } from '../../system/files/settled-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import type { CropPoint, Placeholder, PlannedRendition, RenditionFile } from '../rendition.ts'
import {
  EMPTY_RECORD,
  mergeRecords,
  parseRecord,
  type RenditionEntry,
  type RenditionRecord,
} from './rendition-record.ts'

const DAY = 86_400_000

/** Renditions on disk. Anybody may delete, cut or overwrite any of its files at any time. */
export interface RenditionCache {
  /** The file of each rendition, if it exists and its bytes are still the ones that were made. */
  find(
    original: Digest,
    renditions: readonly PlannedRendition[],
  ): Promise<readonly (RenditionFile | undefined)[]>
  /** Writes a file, whole or not at all. */
  store(original: Digest, rendition: PlannedRendition, bytes: Uint8Array): Promise<RenditionFile>
  findPlaceholder(original: Digest, key: string): Promise<Placeholder | undefined>
  storePlaceholder(original: Digest, key: string, placeholder: Placeholder): void
  /** Whether an original has transparent pixels; undefined while that is not known. */
  findAlpha(original: Digest): Promise<boolean | undefined>
  storeAlpha(original: Digest, alpha: boolean): void
  /** Where a strategy crops an original; undefined while that is not known. */
  findCrop(original: Digest, key: string): Promise<CropPoint | undefined>
  storeCrop(original: Digest, key: string, point: CropPoint): void
  /** Saves what is new about the renditions of an original. */
  flush(original: Digest): Promise<void>
}

export interface RenditionCacheOptions {
  /** Absolute path. */
  readonly cacheDir: string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * `<kk>/<key>.<ext>` holds the bytes, and `records/<original>.json` the sizes and digests of all
 * renditions of one original. A warm build reads one small file for each original, and the times of
 * its renditions. It hashes bytes again only when a file's identity differs from the last check.
 */
export function createRenditionCache({ cacheDir, now }: RenditionCacheOptions): RenditionCache {
  const news = new Map<Digest, RenditionRecord>()
  const writes = new Map<Digest, Promise<void>>()
  /** What was read of originals, whose pixels never change. */
  const alphas = new Map<Digest, boolean>()
  const records = new Map<Digest, { readonly mark: string; readonly record: RenditionRecord }>()

  const today = () => Math.floor(now() / DAY)
  const recordPath = (original: Digest) => join(cacheDir, 'records', `${original}.json`)
  const filePath = (rendition: PlannedRendition) =>
    join(cacheDir, rendition.key.slice(0, 2), `${rendition.key}.${fileExtensionOf(rendition)}`)

  function learn(original: Digest, record: Partial<RenditionRecord>): void {
    const known = news.get(original) ?? EMPTY_RECORD
    news.set(original, mergeRecords(known, { ...EMPTY_RECORD, ...record }))
  }

  function read(original: Digest): RenditionRecord {
    const stored = readStored(original)
    const learnt = news.get(original)
    const record = learnt ? mergeRecords(stored, learnt) : stored
    if (record.alpha !== undefined) alphas.set(original, record.alpha)
    return record
  }

  /** Read once as long as its file stays the same: servers ask for the same thousands all the time. */
  function readStored(original: Digest): RenditionRecord {
    const path = recordPath(original)
    const stats = statIfThere(path)
    if (!stats) return EMPTY_RECORD
    const mark = markOf(stats)
    const last = records.get(original)
    if (last?.mark === mark) return last.record
    const text = readRecordIfThere(path)
    const record = text === undefined ? EMPTY_RECORD : parseRecord(text)
    if (isSettled(stats, now())) records.set(original, { mark, record })
    return record
  }

  async function writeNews(original: Digest): Promise<void> {
    const learnt = news.get(original)
    if (!learnt) return
    const record = read(original)
    await writeAtomically(recordPath(original), JSON.stringify(record))
    if (news.get(original) === learnt) news.delete(original)
  }

  return {
    async find(original, renditions) {
      const record = read(original)
      return Promise.all(
        renditions.map(async rendition => {
          const entry = record.renditions[rendition.key]
          if (!entry) return undefined
          const path = filePath(rendition)
          const checked = await check(path, entry, now())
          if (!checked) return undefined
          if (checked.mark !== entry.mark || entry.used !== today()) {
            learn(original, { renditions: { [rendition.key]: { ...checked, used: today() } } })
          }
          return { rendition, path, size: entry.size, digest: entry.digest }
        }),
      )
    },

    async store(original, rendition, bytes) {
      const path = filePath(rendition)
      await writeAtomically(path, bytes)
      const entry = { size: bytes.length, digest: sha256(bytes), used: today() }
      learn(original, { renditions: { [rendition.key]: entry } })
      return { rendition, path, size: entry.size, digest: entry.digest }
    },

    async findPlaceholder(original, key) {
      return read(original).placeholders[key]
    },

    storePlaceholder(original, key, placeholder) {
      learn(original, { placeholders: { [key]: placeholder } })
    },

    async findAlpha(original) {
      return alphas.get(original) ?? read(original).alpha
    },

    storeAlpha(original, alpha) {
      learn(original, { alpha })
    },

    async findCrop(original, key) {
      return read(original).crops?.[key]
    },

    storeCrop(original, key, point) {
      learn(original, { crops: { [key]: point } })
    },

    async flush(original) {
      if (!news.has(original)) return
      // One writer for each original at a time: each reads what the previous one wrote.
      const write = (writes.get(original) ?? Promise.resolve())
        .catch(() => {}) // reported to its own caller
        .then(() => writeNews(original))
      writes.set(original, write)
      try {
        await write
      } finally {
        if (writes.get(original) === write) writes.delete(original)
      }
    },
  }
}

/** The entry with a current mark, or undefined when the file differs from it. */
async function check(
  path: string,
  entry: RenditionEntry,
  now: number,
): Promise<RenditionEntry | undefined> {
  const stats = statIfThere(path)
  if (!stats?.isFile() || stats.size !== BigInt(entry.size)) return undefined
  const mark = markOf(stats)
  if (entry.mark === mark) return entry
  const bytes = await readIfThere(path)
  if (!bytes || sha256(bytes) !== entry.digest) return undefined
  return {
    size: entry.size,
    digest: entry.digest,
    used: entry.used,
    ...(isSettled(stats, now) && { mark }),
  }
}

function markOf({ ino, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino}.${mtimeNs}.${ctimeNs}`
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(undefinedIfAbsent)
}

/** A record is small: switching to another thread takes longer than reading it. */
function readRecordIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return undefinedIfAbsent(error)
  }
}

/** The same is true of this: a warm build calls it for every file. */
function statIfThere(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    return undefinedIfAbsent(error)
  }
}

function undefinedIfAbsent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
  throw error
}
