import { link, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  ensureDirectory,
  syncDirectory,
  uniqueName,
  writeNew,
} from '../../system/files/durable-file.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import type { Quarantined } from '../original.ts'

/** Of the note beside a file, which says where the file lay and why it does not lie there. */
const NOTE = '.txt'

/** Moves a file into the quarantine folder, with a note beside it that says why. Deletes nothing. */
export async function moveToQuarantine(
  file: string,
  problem: string,
  folder: string,
): Promise<Quarantined> {
  const path = join(folder, `${uniqueName()}-${basename(file)}`)
  try {
    await ensureDirectory(folder)
    await rename(file, path)
    await writeNew(path + NOTE, Buffer.from(`${file}\n${problem}\n`))
    await syncDirectory(folder)
    await syncDirectory(dirname(file))
    await removeEmptyFolderForm(file)
  } catch (error) {
    throw storeFault(`${file} can't be moved into quarantine`, error)
  }
  return { path, problem }
}

/**
 * Undoes a move when the moved file turned out to be sound: somebody had replaced the damaged one
 * in between. A third file that has the name by now wins.
 */
export async function takeBack({ path }: Quarantined, file: string): Promise<void> {
  try {
    await link(path, file)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return
    await rename(path, file)
  }
  await discardQuarantined(path)
  await syncDirectory(dirname(file))
}

/** Every file in the quarantine folder, by name, with what its note says. @throws StoreError */
export async function listQuarantine(folder: string): Promise<readonly Quarantined[]> {
  try {
    const names = await readdir(folder).catch(ignoreMissing)
    const files = (names ?? []).filter(name => !name.endsWith(NOTE)).sort()
    return await Promise.all(
      files.map(async name => {
        const path = join(folder, name)
        const note = await readFile(path + NOTE, 'utf8').catch(ignoreMissing)
        // The first line says where it lay.
        const [, ...problem] = note?.trim().split('\n') ?? []
        return { path, problem: problem.join(' ') }
      }),
    )
  } catch (error) {
    throw storeFault(`The quarantine folder ${folder} can't be read`, error)
  }
}

/** Removes a file that is needed no longer, because its picture is kept elsewhere. */
export async function discardQuarantined(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(path + NOTE, { force: true })
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error
}

/** Where links are refused a file lies in a folder of its own name, which would stand in the way of the next. */
async function removeEmptyFolderForm(file: string): Promise<void> {
  const folder = dirname(file)
  if (basename(folder) !== basename(file)) return
  if (!(await stat(folder)).isDirectory()) return
  await rmdir(folder)
  await syncDirectory(dirname(folder))
}
