import { accessSync, constants } from 'node:fs'
import path from 'node:path'
import type { ResolvedOptions } from '../../../config/options.ts'
import { DEFAULT_RENDITIONS_DIR } from '../../../config/options-schema.ts'

/**
 * The folder for renditions: what the options say, but in the cache directory where the default lies
 * in a `node_modules` that this user cannot write to, as in many containers.
 * @returns a warning when it is another one than the options say
 */
export function chooseRenditionsDir({
  root,
  cacheDir,
  renditionsDir,
}: Pick<ResolvedOptions, 'root' | 'cacheDir' | 'renditionsDir'>): {
  readonly folder: string
  readonly warning?: string
} {
  const wanted = path.resolve(root, DEFAULT_RENDITIONS_DIR)
  if (renditionsDir !== wanted || isWritable(wanted)) return { folder: renditionsDir }
  const folder = path.join(cacheDir, 'local', 'renditions')
  // A user who can write to neither may still find all files in the first.
  if (!isWritable(folder)) return { folder: renditionsDir }
  return {
    folder,
    warning: `${wanted} cannot be written, so renditions are kept in ${folder}. Set \`renditionsDir\` to choose another folder.`,
  }
}

/** Whether a folder is there to write to, or can be made. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    const parent = path.dirname(folder)
    return isAbsent && parent !== folder && isWritable(parent)
  }
}
