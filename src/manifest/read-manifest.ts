import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { ManifestError } from '../errors/manifest-error.ts'
import { isInside, projectPath } from '../system/project-path.ts'
import { suggest } from '../text/suggest.ts'
import type { Manifest } from './manifest.ts'
import { isManifestName, isYamlName, NOT_NAMED_LIKE_A_MANIFEST } from './manifest-name.ts'
import type { ManifestOptions } from './manifest-options.ts'
import type { ManifestParser } from './manifest-parser.ts'
import { IS_LFS_POINTER, isLfsPointer, PULL_LFS } from './source/lfs-pointer.ts'
import { createSourceText, type SourceText, type Span } from './source/source-text.ts'
import type { TextFile } from './source/text-file.ts'

/** Largest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 1024 * 1024
/** Most manifests in a chain of `extends`. */
export const MAX_EXTENDS = 8

/**
 * Reads a manifest and what it extends.
 *
 * @param file Absolute path.
 * @param parse Made for the same root.
 * @throws ManifestError with all faults at once, also when the file cannot be read.
 */
export async function readManifest(
  file: string,
  { root }: Pick<ManifestOptions, 'root'>,
  parse: ManifestParser,
): Promise<Manifest> {
  const own = { file, text: await readText(file, root) }
  return parse(own, mayExtend(own) ? await readBases(own, root) : [])
}

/** Most manifests extend nothing. This test saves loading the parser for them. */
function mayExtend({ text }: TextFile): boolean {
  return /\bextends\b/.test(text)
}

/** Follows `extends`; the farthest comes first. */
async function readBases(own: TextFile, root: string): Promise<readonly TextFile[]> {
  const { findExtends } = await import('./parse-manifest.ts')
  const chain: TextFile[] = [own]
  const realRoot = await realpath(root)
  const seen = new Set([await realpath(own.file)])
  for (let from: TextFile = own; ; ) {
    const link = mayExtend(from) ? findExtends(from, root) : undefined
    if (!link) return chain.slice(1).reverse()
    const fail = (message: string, hint?: string) =>
      failAt(link.source, link.span, message, { hint })
    const target = resolve(dirname(from.file), link.path)
    const shown = JSON.stringify(link.path)
    if (!isInside(root, target)) {
      fail(`${shown} leads out of the project.`, 'Copy it into the project.')
    }
    if (!isYamlName(target)) fail(...notNamed(shown))
    const real = await realpath(target).catch(async (error: unknown) => {
      return fail(`${shown} cannot be read: ${reasonOf(error)}.`, await suggestSibling(target))
    })
    if (!isInside(realRoot, real)) {
      fail(`${shown} leads out of the project, through a symlink.`, 'Copy it into the project.')
    }
    if (!isYamlName(real)) fail(...notNamed(`${shown} leads to a file that`))
    const names = [...chain.map(({ file }) => file), target].map(file => projectPath(root, file))
    if (seen.has(real)) {
      fail(`These manifests extend each other: ${names.join(' → ')}.`, 'Remove one of the links.')
    }
    if (chain.length > MAX_EXTENDS) {
      fail(`More than ${MAX_EXTENDS} manifests extend each other: ${names.join(' → ')}.`)
    }
    seen.add(real)
    from = { file: target, text: await readText(target, root) }
    chain.push(from)
  }
}

/**
 * @throws ManifestError when the file is missing, not a regular file, too large or not UTF-8, or when
 * its symlinks lead to anything but a manifest of the project: a fault would show its content
 */
async function readText(file: string, root: string): Promise<string> {
  const shown = projectPath(root, file)
  const start = { start: 0, end: 0 }
  const fail = (message: string, hint?: string, cause?: unknown) =>
    failAt(createSourceText(shown, ''), start, message, { hint, cause })

  const [real, realRoot] = await Promise.all([realpath(file), realpath(root)]).catch(
    (error: unknown) => fail(`The manifest cannot be read: ${reasonOf(error)}.`, undefined, error),
  )
  // A folder of the project may be a link. A file that is a link may lead to anything.
  const isInLinkedFolder = isManifestName(real) && !(await lstat(file)).isSymbolicLink()
  if (!isInside(realRoot, real) && !isInLinkedFolder) {
    return fail(
      'The manifest lies outside the project.',
      'Copy it into the project, or set `root`.',
    )
  }
  if (!isYamlName(file)) return fail(...notNamed('The file'))
  if (!isYamlName(real)) return fail(...notNamed('It leads to a file that'))
  const bytes = await readBytes(real).catch((error: unknown) =>
    fail(`The manifest cannot be read: ${reasonOf(error)}.`, undefined, error),
  )
  if (bytes === 'not a file') return fail('The manifest is not a regular file.')
  if (bytes === 'too large') {
    const limit = `${MAX_MANIFEST_BYTES / 1024 / 1024} MiB`
    return fail(
      `The manifest is larger than ${limit}.`,
      'Spread its images over several manifests.',
    )
  }
  if (isLfsPointer(bytes)) return fail(`The manifest ${IS_LFS_POINTER}.`, PULL_LFS)
  return decodeText(bytes, file, shown)
}

function decodeText(bytes: Uint8Array, file: string, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    // The part before the fault is readable, and shows where the fault is.
    const readable = isManifestName(file) ? new TextDecoder().decode(bytes) : ''
    const source = createSourceText(shown, readable)
    const at = Math.max(0, source.text.indexOf('\u{fffd}'))
    const message = 'The manifest is not valid UTF-8.'
    return failAt(source, { start: at, end: at + 1 }, message, { hint: 'Save it as UTF-8.', cause })
  }
}

async function readBytes(file: string): Promise<Uint8Array | 'not a file' | 'too large'> {
  // Checked first: opening a pipe would wait for a writer.
  const { size, isFile } = await stat(file).then(stats => ({
    size: stats.size,
    isFile: stats.isFile(),
  }))
  if (!isFile) return 'not a file'
  if (size > MAX_MANIFEST_BYTES) return 'too large'
  const bytes = await readFile(file)
  return bytes.length > MAX_MANIFEST_BYTES ? 'too large' : bytes
}

function failAt(
  source: SourceText,
  span: Span,
  message: string,
  { hint, cause }: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
): never {
  const faults = [source.diagnostic(span, message, hint)]
  throw new ManifestError(faults, cause === undefined ? undefined : { cause })
}

function notNamed(subject: string): [string, string] {
  const [message, hint] = NOT_NAMED_LIKE_A_MANIFEST
  return [`${subject} ${message}.`, hint]
}

async function suggestSibling(target: string): Promise<string | undefined> {
  const siblings = await readdir(dirname(target)).catch((): string[] => [])
  const manifests = siblings.filter(name => /\.ya?ml$/i.test(name))
  return suggest(basename(target), manifests)
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied'
  return error instanceof Error ? error.message : String(error)
}
