import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeNew } from '../../system/files/durable-file.ts'
import type { DiskObjects } from '../objects/disk-objects.ts'
import { publishFile } from '../objects/published-file.ts'

/** Where things lie in the cache directory; absolute paths. */
export interface CacheLayout {
  readonly root: string
  /** Not for version control: files of this machine only. */
  readonly local: string
  /** Unfinished files; swept a day after their last change. */
  readonly temporary: string
  /** Answers and originals that can't be used. Never swept. */
  readonly quarantine: string
  /** Notes about blobs that were read in full, a line each. Disposable. */
  readonly verified: string
}

export function resolveCacheLayout(dir: string): CacheLayout {
  const root = resolve(dir)
  const local = join(root, 'local')
  return {
    root,
    local,
    temporary: join(local, 'tmp'),
    quarantine: join(local, 'quarantine'),
    verified: join(local, 'verified.log'),
  }
}

const GIT_IGNORE = `# Commit entries/, blobs/ and unusable/: they hold the generated originals.
# local/ belongs to this machine; interrupted writes leave .tmp-* folders.
local/
.tmp-*
`

// A blob whose line ends git converts, or an entry that it merges line by line, is corrupt.
const GIT_ATTRIBUTES = `# Keep every byte: each file is checked against its digest before it is used.
blobs/** binary
entries/** text eol=lf merge=binary
unusable/** text eol=lf merge=binary
`

/** Tells git what to commit and what to leave alone. Files that are there are the user's. */
export async function writeGitFiles(layout: CacheLayout, objects: DiskObjects): Promise<void> {
  for (const [name, text] of [
    ['.gitignore', GIT_IGNORE],
    ['.gitattributes', GIT_ATTRIBUTES],
  ] as const) {
    const file = await objects.temporaryFile()
    await writeNew(file, Buffer.from(text))
    try {
      await publishFile(file, join(layout.root, name))
    } finally {
      await rm(file, { force: true })
    }
  }
}
