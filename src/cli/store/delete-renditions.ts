import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'

/** Folders that the caches make; nothing beside them is ours. */
const OWN_FOLDER = /^(?:[0-9a-f]{2}|records|manifests)$/

/** Empties the caches of renditions and of parsed manifests. Both are made anew when needed. */
export async function deleteRenditions(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(error => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const own = entries.filter(entry => entry.isDirectory() && OWN_FOLDER.test(entry.name))
  await Promise.all(own.map(({ name }) => rm(path.join(folder, name), { recursive: true })))
}
