import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { exists } from '../system/files/present-file.ts'
import { isInside, projectPath } from '../system/project-path.ts'
import { suggest } from '../text/suggest.ts'
import { parsePackageSpecifier } from './packages/package-specifier.ts'
import { resolvePackageFile } from './packages/resolve-package-file.ts'
import { isYamlName } from './source/manifest-name.ts'
import { failAt, notNamed, readText, reasonOf } from './source/read-text.ts'
import type { TextFile } from './source/text-file.ts'

/** Most manifests in a chain of `extends`. */
export const MAX_EXTENDS = 8

/** Most manifests extend nothing. This test saves loading the parser for them. */
function mayExtend({ text }: TextFile): boolean {
  return /\bextends\b/.test(text)
}

/** Follows `extends`; the farthest comes first. */
export async function readBases(own: TextFile, root: string): Promise<readonly TextFile[]> {
  if (!mayExtend(own)) return []
  const { findExtends } = await import('./parse-manifest.ts')
  const chain: TextFile[] = [own]
  const seen = new Set([await realpath(own.file)])
  for (let from: TextFile = own; ; ) {
    const link = mayExtend(from) ? findExtends(from, root) : undefined
    if (!link) return chain.slice(1).reverse()
    const fail = (message: string, hint?: string) =>
      failAt(link.source, link.span, message, { hint })
    const base = await findBase(link.path, from, { root, fail })
    const names = [...chain, base].map(({ file }) => projectPath(root, file))
    if (seen.has(base.real)) {
      fail(`These manifests extend each other: ${names.join(' → ')}.`, 'Remove one of the links.')
    }
    if (chain.length > MAX_EXTENDS) {
      fail(`More than ${MAX_EXTENDS} manifests extend each other: ${names.join(' → ')}.`)
    }
    seen.add(base.real)
    const { file, within } = base
    const text = await readText(file, { root, within })
    from = { file, text, ...(within !== undefined && { within }) }
    chain.push(from)
  }
}

interface BaseSearch {
  /** Absolute path of the project's root. */
  readonly root: string
  fail(message: string, hint?: string): never
}

interface FoundBase extends Omit<TextFile, 'text'> {
  /** {@link TextFile.file} after links. */
  readonly real: string
}

/** The file that `extends` names: a path, or the export of a package. */
async function findBase(path: string, from: TextFile, search: BaseSearch): Promise<FoundBase> {
  const { root, fail } = search
  const target = resolve(dirname(from.file), path)
  const shown = JSON.stringify(path)
  const exported = (await exists(target)) ? undefined : await findExportedBase(path, from, search)
  if (exported) return exported
  const within = from.within ?? root
  const place = from.within === undefined ? 'the project' : 'its package'
  const advice = from.within === undefined ? 'Copy it into the project.' : undefined
  if (!isInside(within, target)) fail(`${shown} leads out of ${place}.`, advice)
  if (!isYamlName(target)) fail(...notNamed(shown))
  const real = await realpath(target).catch(async (error: unknown) => {
    return fail(`${shown} cannot be read: ${reasonOf(error)}.`, await suggestSibling(target))
  })
  if (!isInside(await realpath(within), real)) {
    fail(`${shown} leads out of ${place}, through a symlink.`, advice)
  }
  if (!isYamlName(real)) fail(...notNamed(`${shown} leads to a file that`))
  return { file: target, real, ...(from.within !== undefined && { within }) }
}

async function findExportedBase(
  path: string,
  from: TextFile,
  { fail }: BaseSearch,
): Promise<FoundBase | undefined> {
  const specifier = parsePackageSpecifier(path)
  const found = specifier && (await resolvePackageFile(specifier, from.file))
  if (!found) return undefined
  if ('message' in found) return fail(found.message, found.hint)
  const { file, root } = found
  if (!isYamlName(file)) fail(...notNamed(`${JSON.stringify(path)} leads to a file that`))
  return { file, real: file, within: root }
}

async function suggestSibling(target: string): Promise<string | undefined> {
  const siblings = await readdir(dirname(target)).catch((): string[] => [])
  const manifests = siblings.filter(name => /\.ya?ml$/i.test(name))
  return suggest(basename(target), manifests)
}
