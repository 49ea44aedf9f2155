import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { exists } from '../../system/files/present-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { toSlashes } from '../../system/project-path.ts'
import type { NextLoaderOptions } from './next-loader-options.ts'

/**
 * Ends the names of files on disk. Whatever has the name of a picture, webpack's compilers of Next hand
 * to one another and emit, used or not, and rules of a site change.
 */
export const FILE_SUFFIX = '.imagegen'

/** What files of modules end with. */
export const FILE_EXTENSIONS = ['mjs', 'avif', 'webp', 'jpg', 'png', 'svg', 'ico'] as const

/**
 * The file that stands for all with such an extension. Turbopack resolves no file that appears during
 * a build: it resolves this one, and a query names the file to a loader.
 */
export function standInName(extension: string): string {
  return `imagegen-${extension}`
}

/** Makes the folder of the files, before Turbopack starts. @returns its absolute path */
export function createFolder(root: string): string {
  const folder = path.join(root, 'node_modules/.cache/unplugin-imagegen-next')
  try {
    mkdirSync(folder, { recursive: true })
    const contents = new Map(FILE_EXTENSIONS.map(extension => [standInName(extension), '']))
    contents.set('package.json', '{"type":"module","sideEffects":false}\n')
    for (const [name, content] of contents) writeFileSync(path.join(folder, name), content)
    return realpathSync(folder)
  } catch {
    // `next start` reads the configuration too, and may run where nothing can be written.
    return folder
  }
}

/** Writes a file whose name tells its content, unless it is there: other processes do the same. */
export async function writeNextFile(
  folder: string,
  name: string,
  read: () => string | Promise<Uint8Array>,
): Promise<void> {
  const file = path.join(folder, name + FILE_SUFFIX)
  if (!(await exists(file))) await writeAtomically(file, await read())
}

export function readNextFile(folder: string, name: string): Promise<Buffer> {
  return readFile(path.join(folder, path.basename(name) + FILE_SUFFIX))
}

/** What an import says to get such a file. */
export function specifierOf(
  { folder, bundler }: Pick<NextLoaderOptions, 'folder' | 'bundler'>,
  name: string,
  from: string,
): string {
  const relative = toSlashes(path.relative(from, folder)) || '.'
  const base = relative.startsWith('.') ? relative : `./${relative}`
  if (bundler === 'webpack') return `${base}/${name}${FILE_SUFFIX}`
  return `${base}/${standInName(path.extname(name).slice(1))}?${name}`
}
