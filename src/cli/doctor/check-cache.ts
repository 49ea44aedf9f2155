import { open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isLfsPointer, LARGEST_POINTER, PULL_LFS } from '../../manifest/source/lfs-pointer.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { exists } from '../../system/files/present-file.ts'
import { messageOf } from '../output/error-output.ts'
import { count } from '../output/format.ts'
import { createFinding, type Finding, findingOf } from './finding.ts'

/** The cache directory and the store behind it. */
export async function checkCache({
  options: { cacheDir },
  originals: { shared },
}: InternalPipeline): Promise<readonly Finding[]> {
  return [await checkWritable(cacheDir), await checkPointers(cacheDir), await checkStore(shared)]
}

async function checkWritable(cacheDir: string): Promise<Finding> {
  const folder = await nearestFolder(cacheDir)
  const probe = path.join(folder, `.tmp-doctor-${process.pid}`)
  try {
    await writeFile(probe, '', { flag: 'wx' })
    await rm(probe)
    return createFinding('ok', 'cache', `${cacheDir} can be written.`)
  } catch (error) {
    return createFinding(
      'problem',
      'cache',
      `${cacheDir} cannot be written: ${messageOf(error)}. Change its permissions, or set \`cacheDir\`.`,
    )
  }
}

async function nearestFolder(folder: string): Promise<string> {
  const above = path.dirname(folder)
  return above === folder || (await exists(folder)) ? folder : nearestFolder(above)
}

async function checkPointers(cacheDir: string): Promise<Finding> {
  const folder = path.join(cacheDir, 'blobs')
  const names = await readdir(folder, { recursive: true }).catch((): string[] => [])
  let pointers = 0
  for (const name of names) if (await isPointer(path.join(folder, name))) pointers += 1
  if (pointers === 0) return createFinding('ok', 'Git LFS', 'No original is a Git LFS pointer.')
  const many = pointers === 1 ? '1 original is a' : `${pointers} originals are`
  const noun = pointers === 1 ? 'pointer' : 'pointers'
  return createFinding('problem', 'Git LFS', `${many} Git LFS ${noun}. ${PULL_LFS}`)
}

async function isPointer(file: string): Promise<boolean> {
  const { size } = await stat(file)
  if (size > LARGEST_POINTER) return false
  const handle = await open(file).catch(() => undefined)
  try {
    return isLfsPointer((await handle?.readFile().catch(() => '')) ?? '')
  } finally {
    await handle?.close()
  }
}

/** Reads the list of originals, as `push` and `pull` do. */
async function checkStore(shared: InternalPipeline['originals']['shared']): Promise<Finding> {
  if (!shared) return createFinding('ok', 'store', 'No shared store is configured.')
  try {
    let originals = 0
    for await (const _ of shared.keys()) originals += 1
    return createFinding(
      'ok',
      'store',
      `${shared.label} answers (${shared.access}, ${count(originals, 'original')}).`,
    )
  } catch (error) {
    return findingOf('store', error)
  }
}
