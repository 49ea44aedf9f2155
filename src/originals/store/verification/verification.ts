import { statSync } from 'node:fs'
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Digest } from '../../../system/digest.ts'
import { ensureDirectory, uniqueName } from '../../../system/files/durable-file.ts'
import { isSettled } from '../../../system/files/settled-file.ts'
import { digestFile } from './digest-file.ts'

/** Notes that are out of date, before the file is written anew without them. */
const MOST_STALE = 1_000

export interface Verification {
  /** Whether a file has exactly these bytes. Read once per unchanged file, across processes too. */
  hasDigest(path: string, digest: Digest, size: number): Promise<boolean>
  /**
   * Remembers the digest of a file that was hashed as it was written, for this process. Never
   * rejects: a file that can't be looked at is read once more instead.
   */
  trust(path: string, digest: Digest): Promise<void>
}

/**
 * Remembers which files were read in full and found whole, so that a warm build need not read
 * hundreds of megabytes to learn it again: 96 files of 2 MB take a third of a second. The notes
 * hold inode, size, mtime and ctime; ctime can't be set by programs, so that a file which was
 * replaced under its old times is read again. A note that is lost or torn costs one more reading.
 *
 * @param notes the file of notes, a line each; the last one of a digest counts
 * @param today milliseconds of the calendar that files' times are of
 */
export function createVerification(notes: string, today = Date.now): Verification {
  let reading: Promise<Map<string, string>> | undefined

  function read(): Promise<Map<string, string>> {
    reading ??= readNotes(notes)
    return reading
  }

  return {
    async hasDigest(path, digest, size) {
      const before = identify(path)
      if (before.size !== size) return false
      const known = await read()
      const identity = `${before.identity} ${path}`
      if (known.get(digest) === identity) return true
      if ((await digestFile(path)) !== digest) return false
      const after = identify(path)
      if (after.identity !== before.identity) return this.hasDigest(path, digest, size)
      known.set(digest, identity)
      if (isSettled(after.stats, today()) && !path.includes('\n'))
        await appendNote(notes, digest, identity)
      return true
    },

    async trust(path, digest) {
      const known = await read()
      try {
        known.set(digest, `${identify(path).identity} ${path}`)
      } catch {
        // Whatever is wrong with the file shows where it is used.
      }
    },
  }
}

function identify(path: string) {
  const stats = statSync(path, { bigint: true })
  const { dev, ino, size, mtimeNs, ctimeNs } = stats
  return {
    stats,
    size: Number(size),
    identity: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
  }
}

async function readNotes(notes: string): Promise<Map<string, string>> {
  // Without notes the files themselves are read: that decides, and reports its own faults.
  const text = await readFile(notes, 'utf8').catch(() => '')
  const lines = text.split('\n').slice(0, -1)
  const known = new Map(lines.map(line => [line.slice(0, 64), line.slice(65)]))
  if (lines.length - known.size > MOST_STALE) await rewriteNotes(notes, known)
  return known
}

async function appendNote(notes: string, digest: Digest, identity: string): Promise<void> {
  try {
    await ensureDirectory(dirname(notes))
    await appendFile(notes, `${digest} ${identity}\n`)
  } catch {
    // A read-only or full disk makes the next build slower, not wrong.
  }
}

/** What another process notes meanwhile is lost. */
async function rewriteNotes(notes: string, known: ReadonlyMap<string, string>): Promise<void> {
  const written = `${notes}.${uniqueName()}`
  try {
    await writeFile(written, [...known].map(([digest, it]) => `${digest} ${it}\n`).join(''))
    await rename(written, notes)
  } catch {
    await rm(written, { force: true }).catch(() => undefined)
  }
}
