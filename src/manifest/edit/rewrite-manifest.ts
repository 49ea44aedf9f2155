import { randomUUID } from 'node:crypto'
import { access, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { ManifestWriteError } from '../../errors/manifest-write-error.ts'
import { syncHandle } from '../../system/files/sync-handle.ts'

/**
 * Edits a manifest on disk, whole or not at all: other processes see the old text or the new one. The
 * file keeps its mode and owner, and a link to it stays a link.
 * @param file absolute path
 * @param edit gets the text with its byte order mark, and returns the new text; its errors pass through
 * @throws ManifestWriteError when the file changed while it was being edited, is not UTF-8, belongs
 * to an installed package, or cannot be written
 */
export async function rewriteManifest(
  file: string,
  edit: (text: string) => string | Promise<string>,
): Promise<void> {
  const target = await realpath(file).catch(error => fail(file, error))
  if (target.split(path.sep).includes('node_modules')) {
    throw new ManifestWriteError(
      `${file} belongs to an installed package, which is read-only here. Edit it in the package's own repository, or give the project its own image.`,
    )
  }
  const before = await readFile(target).catch(error => fail(file, error))
  const text = before.toString('utf8')
  if (!Buffer.from(text).equals(before)) {
    throw new ManifestWriteError(`${file} is not UTF-8. Save it as UTF-8 and try again.`)
  }
  const edited = await edit(text)
  if (edited === text) return
  await replace(target, before, Buffer.from(edited)).catch(error => fail(file, error))
}

async function replace(target: string, before: Buffer, after: Buffer): Promise<void> {
  // A writable folder may contain a file that must not change.
  await access(target, constants.W_OK)
  const { mode, uid, gid } = await stat(target)
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`)
  try {
    const handle = await open(temporary, 'wx', mode)
    try {
      await handle.writeFile(after)
      const made = await handle.stat()
      if (made.uid !== uid || made.gid !== gid) await handle.chown(uid, gid)
      // The process's mask removed bits, and so may the change of owner.
      await handle.chmod(mode)
      await syncHandle(handle)
    } finally {
      await handle.close()
    }
    if (!(await readFile(target)).equals(before)) {
      throw new ManifestWriteError(
        `${target} changed during the edit, so nothing was written. Check it and try again.`,
      )
    }
    await rename(temporary, target)
  } finally {
    await rm(temporary, { force: true })
  }
}

function fail(file: string, error: Error): never {
  if (error instanceof ManifestWriteError) throw error
  throw new ManifestWriteError(
    `${file} could not be written and is unchanged: ${error.message}. Fix that and try again.`,
    { cause: error },
  )
}
