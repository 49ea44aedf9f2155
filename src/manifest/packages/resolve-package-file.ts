import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isInside } from '../../system/project-path.ts'
import { suggest } from '../../text/suggest.ts'
import { isInstalled, type Package, readPackage } from './find-package.ts'
import { exportNames, resolveExport } from './package-exports.ts'
import { isScoped, type PackageSpecifier } from './package-specifier.ts'

/** A file that a package exports; absolute paths, after links. */
export interface PackageFile {
  readonly file: string
  readonly root: string
}

/** Why a specifier leads to no file, for an error at its place. */
export interface PackageProblem {
  readonly message: string
  readonly hint: string | undefined
}

/**
 * The file that a specifier names, as Node finds it from the importing file: packages of workspaces
 * are links in a `node_modules`.
 * @param from absolute path of the file that names it
 * @returns undefined where a specifier without a scope names no package: then it is a path
 */
export async function resolvePackageFile(
  specifier: PackageSpecifier,
  from: string,
): Promise<PackageFile | PackageProblem | undefined> {
  const { name, subpath } = specifier
  const installed = await findInstalled(name, await realpath(dirname(from)))
  if (!installed) {
    if (!isScoped(specifier)) return undefined
    const hint = 'Install it, or start the path with `./`.'
    return { message: `The package \`${name}\` is not installed.`, hint }
  }
  // Everything around a project would be open to it otherwise.
  if (installed.exports === undefined && !isInstalled(installed.root)) {
    const hint = `Add "${subpath}" to \`exports\` in its package.json.`
    return { message: `The linked package \`${name}\` has no \`exports\`.`, hint }
  }
  const target = resolveExport(installed.exports, subpath)
  const shown = JSON.stringify(`${name}${subpath.slice(1)}`)
  if (target === undefined) {
    const hint =
      suggest(subpath, exportNames(installed.exports)) ??
      `Add it to \`exports\` in the package.json of \`${name}\`.`
    return { message: `The package \`${name}\` has no export "${subpath}".`, hint }
  }
  return openTarget(installed.root, target, shown)
}

async function openTarget(
  root: string,
  target: string,
  shown: string,
): Promise<PackageFile | PackageProblem> {
  const real = await realpath(join(root, target)).catch(() => undefined)
  if (real === undefined) {
    return {
      message: `${shown} cannot be read, because the package has no file ${target}.`,
      hint: undefined,
    }
  }
  if (!isInside(root, real)) {
    return {
      message: `${shown} leads out of its package, through a symlink.`,
      hint: 'A package can export only its own files.',
    }
  }
  if (!(await stat(real)).isFile()) {
    return { message: `${shown} is a folder of the package.`, hint: 'Name a file in it.' }
  }
  return { file: real, root }
}

/**
 * The package that a name means in a folder: the one around it, or one in a `node_modules` there or
 * above.
 */
export async function findInstalled(name: string, folder: string): Promise<Package | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const own = await readPackage(at)
    if (own?.name === name && own.exports !== undefined) return own
    if (basename(at) !== 'node_modules') {
      const found = await readPackage(join(at, 'node_modules', name))
      // Its folder counts, whatever it calls itself: an alias of npm has another name.
      if (found) return found
    }
    if (at === dirname(at)) return undefined
  }
}
