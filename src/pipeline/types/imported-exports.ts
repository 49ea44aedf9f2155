import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { findExport, targetPatterns } from '../../manifest/packages/package-exports.ts'
import { findInstalled } from '../../manifest/packages/resolve-package-file.ts'
import { isManifestName } from '../../manifest/source/manifest-name.ts'
import { readIfThere } from '../../system/files/present-file.ts'
import { isRecord } from '../../system/is-record.ts'
import { projectPath } from '../../system/project-path.ts'

/** Files that may import a manifest. */
const SOURCES = '**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts,vue,svelte,astro,mdx}'

/**
 * Absolute paths of the manifests that the project's sources import from its dependencies, as far
 * as `exports` of those name manifests. Sources are read only if there are such dependencies.
 */
export async function findImportedExports({
  root,
  exclude,
}: Pick<ResolvedOptions, 'root' | 'exclude'>): Promise<readonly string[]> {
  const exported = new Map<string, string>()
  for (const name of await dependenciesOf(root)) await addExports(name, root, exported)
  if (exported.size === 0) return []
  const { default: glob } = await import('fast-glob')
  const sources = await glob(SOURCES, { cwd: root, absolute: true, ignore: [...exclude] })
  const found = new Set<string>()
  for (const source of sources) {
    const text = await readFile(source, 'utf8').catch(() => '')
    for (const [specifier, file] of exported) if (text.includes(specifier)) found.add(file)
  }
  return [...found].sort()
}

async function dependenciesOf(root: string): Promise<readonly string[]> {
  const text = await readIfThere(path.join(root, 'package.json'))
  const fields = parseObject(text ?? '')
  const names = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
  return [...new Set(names.flatMap(name => Object.keys(parseRecord(fields[name]))))]
}

/** Adds the manifests of a package by what they are imported by. */
async function addExports(
  name: string,
  root: string,
  exported: Map<string, string>,
): Promise<void> {
  const installed = await findInstalled(name, root)
  if (!installed) return
  const patterns = targetPatterns(installed.exports).filter(isManifestName)
  if (patterns.length === 0) return
  const { default: glob } = await import('fast-glob')
  const globs = patterns.map(pattern => pattern.slice(2).replace('*', '**/*'))
  const ignore = ['**/node_modules/**']
  for (const file of await glob(globs, { cwd: installed.root, absolute: true, ignore })) {
    const found = findExport(installed.exports, `./${projectPath(installed.root, file)}`)
    if (found) exported.set(`${name}${found.subpath.slice(1)}`, path.normalize(file))
  }
}

/** Package managers report faults of a `package.json` better. */
function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return parseRecord(JSON.parse(text))
  } catch {
    return {}
  }
}

function parseRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {}
}
