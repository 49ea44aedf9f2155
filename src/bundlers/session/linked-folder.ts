import { realpathSync } from 'node:fs'
import path from 'node:path'
import { isInside } from '../../system/project-path.ts'

/** A folder as it was written, and where it leads. */
export interface LinkedFolder {
  readonly spelled: string
  readonly real: string
}

/** Takes an absolute path. A missing folder stays as it is: its reader reports it. */
export function followLink(folder: string): LinkedFolder {
  const spelled = path.normalize(folder)
  try {
    return { spelled, real: realpathSync(spelled) }
  } catch {
    return { spelled, real: spelled }
  }
}

/** Respells a file that is named below a linked folder; every other file stays as it is. */
export function followFile(file: string, folders: readonly LinkedFolder[]): string {
  const link = folders.find(({ spelled, real }) => spelled !== real && isInside(spelled, file))
  return link ? path.join(link.real, path.relative(link.spelled, file)) : file
}
