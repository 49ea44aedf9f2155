import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { foldName } from '../../manifest/expand/names/file-names.ts'

/**
 * The file whose path differs from the given one in upper and lower case or in Unicode form only,
 * relative to `root` with slashes; undefined when there is none. Some systems find such a file,
 * others don't.
 */
export async function findSimilarPath(root: string, file: string): Promise<string | undefined> {
  const found: string[] = []
  for (const segment of path.relative(root, file).split(path.sep)) {
    const folder = path.join(root, ...found)
    // A folder that cannot be read suggests nothing.
    const names = await readdir(folder).catch((): string[] => [])
    const name = names.includes(segment)
      ? segment
      : names.find(candidate => foldName(candidate) === foldName(segment))
    if (name === undefined) return undefined
    found.push(name)
  }
  return found.join('/')
}
