import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StoreError } from '../../errors/store-error.ts'
import { uniqueName } from '../../system/files/durable-file.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import type { ExportContent } from '../plan/plan-export.ts'

/** How often a file is tried that another program has open, and the wait in between, in milliseconds. */
const ROUNDS = 20
const PAUSE = 100

/** Beginning of the names of an export's unfinished files. */
export function temporaryPrefix(id: string): string {
  return `.imagegen-${id}-`
}

/**
 * Writes a file whole or not at all. Who reads the one before it goes on reading that.
 * @param id of the export: its unfinished files are found by it
 * @throws StoreError
 */
export async function replaceFile(file: string, content: ExportContent, id: string): Promise<void> {
  const folder = path.dirname(file)
  const temporary = path.join(folder, `${temporaryPrefix(id)}${uniqueName()}.tmp`)
  try {
    await mkdir(folder, { recursive: true })
    if (content.kind === 'picture') await copyFile(content.path, temporary)
    else await writeFile(temporary, content.text)
    await renamePatiently(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    if (!isInUse(error)) throw storeFault(`${file} could not be written`, error)
    throw new StoreError(
      `${file} could not be replaced: another program has it open. Close it there and export again.`,
      { cause: error },
    )
  }
}

/** Removes a file, unless another program has it open. */
export async function removeFile(file: string): Promise<'removed' | 'in use'> {
  try {
    await rm(file, { force: true })
    return 'removed'
  } catch (error) {
    if (isInUse(error)) return 'in use'
    throw storeFault(`${file} could not be removed`, error)
  }
}

async function renamePatiently(from: string, to: string): Promise<void> {
  for (let round = 1; ; round++) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (!isInUse(error) || round === ROUNDS) throw error
      await wait(PAUSE)
    }
  }
}

/** Windows says that access was denied. */
function isInUse(error: unknown): boolean {
  const codes = process.platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES'] : ['EBUSY']
  return codes.includes(systemCode(error) ?? '')
}
