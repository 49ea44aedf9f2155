import path from 'node:path'
import picomatch from 'picomatch'
import { isInside, projectPath } from '../../system/project-path.ts'
import type { Globs } from './discover-manifests.ts'

/**
 * Why `root`, `include` and `exclude` do not select a manifest, and what to set so that they do, as
 * sentences. Takes an absolute path.
 */
export function explainUnselected(file: string, { root, include, exclude }: Globs): string {
  if (!isInside(root, file)) {
    const common = commonFolder(root, file)
    const wider = projectPath(root, common)
    const left = excludedBy(projectPath(common, file), exclude)
    const also = left === undefined ? '' : `, and remove ${quoted(left)} from \`exclude\``
    return `It lies outside the project's root, ${root}. Set \`root: ${quoted(wider)}\`${also}.`
  }
  const name = projectPath(root, file)
  const left = excludedBy(name, exclude)
  if (left !== undefined) {
    const advice = name.split('/').includes('node_modules')
      ? 'Import it by the name of its package, whose `exports` must contain it.'
      : 'Remove or narrow that glob.'
    return `It matches ${quoted(left)} of \`exclude\`. ${advice}`
  }
  const hidden = name.split('/').findIndex(part => part.startsWith('.'))
  if (hidden >= 0 && picomatch([...include], { dot: true })(name)) {
    const folder = name.split('/', hidden + 1).join('/')
    const glob = folder === name ? name : `${folder}/**/*.image.{yaml,yml}`
    return `"${folder}" is hidden, and no glob in \`include\` matches it. Add ${quoted(glob)} to \`include\`.`
  }
  return `No glob in \`include\` matches it (${include.map(quoted).join(', ')}). Add one that does.`
}

/** The glob that leaves out a file or a folder above it. */
function excludedBy(name: string, exclude: readonly string[]): string | undefined {
  return exclude.find(glob => {
    const matches = picomatch(glob, { dot: true })
    const parts = name.split('/')
    return parts.some((_, index) => matches(parts.slice(0, index + 1).join('/')))
  })
}

function commonFolder(root: string, file: string): string {
  let folder = root
  while (!isInside(folder, file) && folder !== path.dirname(folder)) folder = path.dirname(folder)
  return folder
}

function quoted(text: string): string {
  return `'${text}'`
}
