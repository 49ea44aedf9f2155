import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

export type Files = Readonly<Record<string, string | Uint8Array>>

/** A new folder, for a whole test file: {@link removeFolder} removes it in the end. */
export async function makeFolder(parent = tmpdir()): Promise<string> {
  await mkdir(parent, { recursive: true })
  return realpath(await mkdtemp(path.join(parent, 'imagegen-test-')))
}

/** Like {@link makeFolder}, inside the repository, so that its dependencies resolve. */
export function makeDependentFolder(): Promise<string> {
  return makeFolder(path.join(REPOSITORY, 'node_modules/.cache'))
}

/** Tries again while a process that is ending still writes. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** A new folder, removed at the end of the running test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeFolder()
  onTestFinished(() => removeFolder(folder))
  return folder
}

/** Writes files by their paths below a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

/** Paths of all files below a folder, relative to it, with slashes, sorted. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map(file => file.replaceAll(path.sep, '/'))
    .sort()
}
