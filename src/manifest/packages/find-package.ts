import { realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { readIfThere } from '../../system/files/present-file.ts'
import { isRecord } from '../../system/is-record.ts'
import { isInside, projectPath } from '../../system/project-path.ts'
import { type FoundExport, findExport } from './package-exports.ts'
import { parsePackageSpecifier } from './package-specifier.ts'

/** A package as it is on disk. */
export interface Package {
  readonly name: string
  /** Absolute path of its folder, after links. */
  readonly root: string
  /** `exports` of its `package.json`. */
  readonly exports: unknown
}

/** A file that a package gives to those who use it. */
export interface ExportedFile {
  readonly package: Package
  readonly exported: FoundExport
}

/** Whether a path, after links, leads into a `node_modules`: that of a linked package does not. */
export function isInstalled(path: string): boolean {
  return path.split(sep).includes('node_modules')
}

/** The package whose folder this is; undefined without a `package.json` that has a name. */
export async function readPackage(folder: string): Promise<Package | undefined> {
  const text = await readIfThere(join(folder, 'package.json')).catch(() => undefined)
  const fields = text === undefined ? undefined : parseFields(text)
  if (typeof fields?.name !== 'string') return undefined
  return { name: fields.name, root: await realpath(folder), exports: fields.exports }
}

/**
 * The package that a manifest comes from, if it is another one than the project: it lies in a
 * `node_modules`, or outside of the project's root, and the package exports it. Such a manifest is
 * only read. Undefined for every other file, also for a missing one.
 * @param file absolute path
 * @param root absolute path of the project's root
 */
export async function findExportedFile(
  file: string,
  root: string,
): Promise<ExportedFile | undefined> {
  const paths = await Promise.all([realpath(file), realpath(root)]).catch(() => undefined)
  if (!paths) return undefined
  const [real, realRoot] = paths
  const isLinked = !isInstalled(relative(realRoot, real))
  if (isInside(realRoot, real) && isLinked) return undefined
  const found = await findPackage(dirname(real))
  if (!found || isInside(found.root, realRoot) || found.root === realRoot) return undefined
  if (found.exports === undefined && isLinked) return undefined
  const exported = findExport(found.exports, `./${projectPath(found.root, real)}`)
  return exported && { package: found, exported }
}

/**
 * Whether an import of a file, which the project's own globs do not select, means a package's
 * manifest: it names the package, or the package's `exports` name the manifest.
 * @param specifiers what it may be imported by, where the host tells
 */
export async function isPackageImport(
  file: string,
  root: string,
  specifiers: readonly string[] = [],
): Promise<boolean> {
  const found = await findExportedFile(file, root)
  if (!found) return false
  const { package: from, exported } = found
  return (
    exported.isNamed ||
    specifiers.some(specifier => parsePackageSpecifier(specifier)?.name === from.name)
  )
}

/** The nearest package whose folder holds this one. */
async function findPackage(folder: string): Promise<Package | undefined> {
  for (let at = folder; basename(at) !== 'node_modules'; at = dirname(at)) {
    const found = await readPackage(at)
    if (found || at === dirname(at)) return found
  }
  return undefined
}

/** Package managers report faults of a `package.json` better. */
function parseFields(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
