import path from 'node:path'
import { isInside, projectPath, toSlashes } from '../../system/project-path.ts'
import type { PreparedTypes } from '../prepare-types.ts'

/** As much as is used of what Nuxt writes its `tsconfig` files from. */
export interface NuxtTypes {
  readonly references: object[]
  readonly tsConfig: { compilerOptions?: NuxtCompilerOptions }
}

export interface NuxtCompilerOptions {
  rootDirs?: string[]
  paths?: Record<string, string[]>
}

export interface NuxtFolders {
  readonly buildDir: string
  readonly alias: Readonly<Record<string, string>>
}

/**
 * Types every manifest loosely, and exactly where there is a mirror tree: next to the sources for
 * relative imports, as second target of Nuxt's aliases for all others.
 */
export function addTypes(
  { references, tsConfig }: NuxtTypes,
  { buildDir, alias }: NuxtFolders,
  written: PreparedTypes | undefined,
): void {
  references.push({ types: 'unplugin-imagegen/client' })
  if (written?.mirror === undefined) return
  const { root, mirror } = written
  const fromBuild = (folder: string): string => {
    const relative = toSlashes(path.relative(buildDir, folder))
    return relative.startsWith('.') ? relative : `./${relative}`
  }
  tsConfig.compilerOptions ??= {}
  const { compilerOptions } = tsConfig
  compilerOptions.rootDirs = [...(compilerOptions.rootDirs ?? [fromBuild(root)]), fromBuild(mirror)]
  for (const [name, target] of Object.entries(alias)) {
    const folder = path.resolve(target)
    const targets = compilerOptions.paths?.[`${name}/*`]
    if (!targets || (folder !== root && !isInside(root, folder))) continue
    targets.push(`${fromBuild(path.join(mirror, projectPath(root, folder)))}/*`)
  }
}
