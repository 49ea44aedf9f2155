import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { findExportedFile } from '../../manifest/packages/find-package.ts'
import { typesPathOf } from '../../module/render-types.ts'
import { exists } from '../../system/files/present-file.ts'

/** Where types are written, and whether. */
export type TypesOptions = Pick<ResolvedOptions, 'root' | 'cacheDir' | 'types'>

/** Where a manifest's types belong. */
export interface TypesPlace {
  /** Absolute path of the type file. */
  readonly file: string
  /** What code imports the manifest by, when a package exports it: types declare that module. */
  readonly module?: string
}

/** Folder, in the tree of types, for those of packages. */
export const PACKAGE_TYPES = 'types/packages'

/**
 * Where a manifest's types belong; undefined when it has none. Nothing is written into packages:
 * their types lie in the cache directory, unless a package ships its own.
 * @param manifest path relative to the root, with slashes
 */
export async function findTypesPlace(
  options: TypesOptions,
  manifest: string,
): Promise<TypesPlace | undefined> {
  const { root, cacheDir, types } = options
  if (types === false) return undefined
  const absolute = path.resolve(root, manifest)
  const isOutside = manifest.startsWith('../') || path.isAbsolute(manifest)
  if (isOutside || manifest.split('/').includes('node_modules')) {
    const found = await findExportedFile(absolute, root)
    if (found) {
      if (await exists(typesPathOf(absolute))) return undefined
      const module = `${found.package.name}${found.exported.subpath.slice(1)}`
      return { file: path.join(cacheDir, PACKAGE_TYPES, `${module}.d.ts`), module }
    }
    // A tree that mirrors the root has no place for files outside of it.
    if (isOutside) return undefined
  }
  const base = types === 'mirror' ? path.join(cacheDir, 'types') : root
  return { file: path.join(base, typesPathOf(manifest)) }
}
