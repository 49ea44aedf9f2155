import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { ApiServer } from '../../../test/api-server/server.ts'
import { expectThat } from '../failure.ts'
import type { Check, ExampleRun } from '../run.ts'
import type { Workspace } from '../workspace.ts'

/** The command line generates every image of every manifest once. */
export const checkRequests: Check = async run => {
  await run.workspace.imagegen('generate')
  await run.workspace.imagegen('check')
  await expectEachOnce(run)
  return String(run.api.count)
}

/** One request a picture, in one cache, whoever asked for it. */
export async function expectEachOnce({ api, workspace }: ExampleRun): Promise<void> {
  const { images } = workspace.example
  expectThat(api.count === images, `${api.count} requests for ${images} images: ${promptsOf(api)}`)
  const different = new Set(api.requests.map(({ prompt }) => prompt)).size
  expectThat(different === images, `An image was requested twice: ${promptsOf(api)}`)
  const caches = await findCaches(workspace)
  expectThat(
    caches.length === 1 && caches[0] === cacheOf(workspace),
    `Caches: ${caches.join(', ')} instead of ${cacheOf(workspace)}`,
  )
}

/** Forgets all pictures, as on a machine where nothing was generated yet. */
export async function forgetPictures({ api, workspace }: ExampleRun): Promise<void> {
  for (const folder of ['entries', 'blobs', 'local']) {
    await rm(path.join(cacheOf(workspace), folder), { recursive: true, force: true })
  }
  for (const folder of await findFolders(workspace.folder, /^unplugin-imagegen$/, /^\.cache$/)) {
    await rm(folder, { recursive: true, force: true })
  }
  api.reset()
}

function promptsOf({ requests }: ApiServer): string {
  return requests.map(({ prompt }) => prompt).join(' | ')
}

function cacheOf({ folder, example }: Workspace): string {
  return path.join(folder, example.cache ?? '.', '.imagegen')
}

async function findCaches({ folder }: Workspace): Promise<readonly string[]> {
  const found = await findFolders(folder, /^entries$/, /^\.imagegen$/)
  return found.map(entries => path.dirname(entries))
}

/** Folders by their name and their parent's; those of packages are not searched. */
async function findFolders(
  folder: string,
  name: RegExp,
  parent: RegExp,
): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries.map(async entry => {
      const file = path.join(folder, entry.name)
      if (!entry.isDirectory()) return []
      if (name.test(entry.name) && parent.test(path.basename(folder))) return [file]
      const isPackage = path.basename(folder) === 'node_modules' && entry.name !== '.cache'
      return isPackage ? [] : findFolders(file, name, parent)
    }),
  )
  return found.flat()
}
