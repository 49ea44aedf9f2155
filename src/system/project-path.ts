import { isAbsolute, relative, sep } from 'node:path'

/** A path relative to the project root, or to another folder, with forward slashes. */
export function projectPath(root: string, file: string): string {
  return toSlashes(relative(root, file))
}

/** A path of this machine with forward slashes. */
export function toSlashes(file: string): string {
  return file.split(sep).join('/')
}

/** Whether a path, as it is written, leads to something below the root. Does not follow symlinks. */
export function isInside(root: string, file: string): boolean {
  const path = relative(root, file)
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}
