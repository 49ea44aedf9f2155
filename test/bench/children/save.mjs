import { rename, writeFile } from 'node:fs/promises'

/** Saves at once, as most editors do: a watcher never meets half a file. */
export async function save(file, text) {
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
