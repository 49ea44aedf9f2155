import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Digest } from '../plan/image-request.ts'
import { digestFile } from './digest-file.ts'
import { ensureDirectory } from './durable-file.ts'

/**
 * Milliseconds. A file that changed just before it was read can change again without its times
 * telling, since they are as coarse as the kernel's tick: nothing is noted for later then.
 */
const SETTLED = 2_000

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
 * @param folder where notes are kept, one a file
 * @param today milliseconds of the calendar that files' times are of
 */
export function createVerification(folder: string, today = Date.now): Verification {
  const known = new Map<string, string>()

  return {
    async hasDigest(path, digest, size) {
      const before = await identify(path)
      if (before.size !== size) return false
      const identity = `${before.identity} ${path}`
      if (known.get(digest) === identity) return true
      const note = join(folder, digest)
      if ((await readNote(note)) !== identity) {
        if ((await digestFile(path)) !== digest) return false
        const after = await identify(path)
        if (after.identity !== before.identity) return this.hasDigest(path, digest, size)
        if (today() - after.changed > SETTLED) await writeNote(folder, note, identity)
      }
      known.set(digest, identity)
      return true
    },

    async trust(path, digest) {
      const found = await identify(path).catch(() => undefined)
      if (found) known.set(digest, `${found.identity} ${path}`)
    },
  }
}

async function identify(path: string) {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
  return {
    size: Number(size),
    changed: Number(ctimeNs / 1_000_000n),
    identity: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
  }
}

async function readNote(note: string): Promise<string | undefined> {
  try {
    return await readFile(note, 'utf8')
  } catch {
    // Without a note the file itself is read: that decides, and reports its own faults.
    return undefined
  }
}

async function writeNote(folder: string, note: string, identity: string): Promise<void> {
  try {
    await ensureDirectory(folder)
    await writeFile(note, identity)
  } catch {
    // A read-only or full disk makes the next build slower, not wrong.
  }
}
