import { access, readFile } from 'node:fs/promises'
import { systemCode } from '../system-error.ts'

/** Whether something is there, file or folder. */
export async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/** The text of a file; undefined when there is no file of that name. */
export async function readIfThere(file: string | URL): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  })
}
