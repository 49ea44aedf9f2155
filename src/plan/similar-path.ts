import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { foldName } from '../manifest/expand/names/file-names.ts'

/**
 * The file that a path would lead to if upper and lower case and Unicode forms did not count,
 * relative to `root` with slashes; undefined when there is none. Systems that don't tell them apart
 * find such a file, others don't.
 */
export async function findSimilarPath(root: string, file: string): Promise<string | undefined> {
  const found: string[] = []
  for (const segment of path.relative(root, file).split(path.sep)) {
    const folder = path.join(root, ...found)
    // A folder that cannot be read has nothing to suggest.
    const names = await readdir(folder).catch((): string[] => [])
    const name = names.includes(segment)
      ? segment
      : names.find(candidate => foldName(candidate) === foldName(segment))
    if (name === undefined) return undefined
    found.push(name)
  }
  return found.join('/')
}
