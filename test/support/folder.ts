import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of the running test's own, removed at its end. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imagegen-originals-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A folder from which the project's dependencies resolve, for a whole test file: remove it in the end. */
export async function dependentFolder(): Promise<string> {
  const parent = resolve(import.meta.dirname, '../../node_modules/.cache')
  await mkdir(parent, { recursive: true })
  return mkdtemp(join(parent, 'imagegen-test-originals-'))
}

/** Every file below a folder, relative, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const items = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return items
    .filter(item => item.isFile())
    .map(item => join(item.parentPath, item.name).slice(folder.length + 1))
    .sort()
}
