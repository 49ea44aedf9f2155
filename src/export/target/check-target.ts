import { lstat, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { ExportTargetError } from '../../errors/export-target-error.ts'
import { isInside, projectPath } from '../../system/project-path.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import type { ExportTarget } from './export-target.ts'

/**
 * Checks where an export leads, links followed: inside the project, and onto nothing of its own.
 * @param manifests absolute paths of every manifest of the project
 * @throws ExportTargetError, StoreError
 */
export async function checkExportTarget(
  { root, folder, catalog }: ExportTarget,
  options: Pick<ResolvedOptions, 'cacheDir' | 'renditionsDir'>,
  manifests: readonly string[],
): Promise<void> {
  const [realRoot, realFolder] = await Promise.all([followLinks(root), followLinks(folder)])
  const name = nameOf(root, folder)
  if (realFolder === realRoot || isInside(realFolder, realRoot)) {
    throw new ExportTargetError(
      `The export would go into ${name}, where the project itself lies. Give it a folder of its own inside, such as --out public/img.`,
    )
  }
  if (!isInside(realRoot, realFolder)) throw outside(`The folder ${name}`, root)
  for (const own of [options.cacheDir, options.renditionsDir]) {
    const realOwn = await followLinks(own)
    if (!isSameOrInside(realOwn, realFolder) && !isInside(realFolder, realOwn)) continue
    throw new ExportTargetError(
      `The export would go into ${name}, which is a folder of imagegen’s own. Choose another one, such as --out public/img.`,
    )
  }
  const manifest = manifests.find(file => isInside(folder, file) || isInside(realFolder, file))
  if (manifest !== undefined) {
    throw new ExportTargetError(
      `The export would go into ${name}, which holds the manifest ${nameOf(root, manifest)}. Choose a folder without manifests: what is exported gets published.`,
    )
  }
  await checkIsFolder(folder, name)
  if (catalog && !isInside(realRoot, await followLinks(catalog.file))) {
    throw outside(`The file ${nameOf(root, catalog.file)}`, root)
  }
}

async function checkIsFolder(folder: string, name: string): Promise<void> {
  const found = await statIfThere(await followLinks(folder))
  if (found && !found.isDirectory()) {
    throw new ExportTargetError(
      `${name} is a file, so nothing can be exported into it. Choose a folder.`,
    )
  }
}

function outside(what: string, root: string): ExportTargetError {
  return new ExportTargetError(
    `${what} is outside of the project ${root}. Choose a place inside, or set the option \`root\` to a folder that holds both.`,
  )
}

function isSameOrInside(folder: string, file: string): boolean {
  return file === folder || isInside(folder, file)
}

/** Where a path leads, as far as it is there. */
async function followLinks(file: string): Promise<string> {
  try {
    return await realpath(file)
  } catch (error) {
    const code = systemCode(error)
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw storeFault(`${file} can't be read`, error)
    const parent = path.dirname(file)
    return parent === file ? file : path.join(await followLinks(parent), path.basename(file))
  }
}

async function statIfThere(file: string) {
  return lstat(file).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined
    throw storeFault(`${file} can't be read`, error)
  })
}

/** As people know it: relative to the project, unless it lies elsewhere. */
function nameOf(root: string, file: string): string {
  return file === root || !isInside(root, file) ? file : projectPath(root, file)
}
