import { isAbsolute, relative, sep } from 'node:path'

/** A path relative to the project root, with forward slashes. */
export function projectPath(root: string, file: string): string {
  return relative(root, file).split(sep).join('/')
}

/** Whether a path, as it is written, leads to something below the root. Symlinks are not looked at. */
export function isInside(root: string, file: string): boolean {
  const path = relative(root, file)
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}
