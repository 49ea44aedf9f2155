import { lstat, readFile, realpath, stat } from 'node:fs/promises'
import { ManifestError } from '../../errors/manifest-error.ts'
import { isInside, projectPath } from '../../system/project-path.ts'
import { IS_LFS_POINTER, isLfsPointer, PULL_LFS } from './lfs-pointer.ts'
import { isManifestName, isYamlName, NOT_NAMED_LIKE_A_MANIFEST } from './manifest-name.ts'
import { createSourceText, type SourceText, type Span } from './source-text.ts'

/** Largest manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 1024 * 1024

export interface TextBounds {
  /** Absolute path of the project's root. */
  readonly root: string
  /** Absolute path of the package's folder, for what belongs to one. */
  readonly within: string | undefined
}

/**
 * @throws ManifestError when the file is missing, not a regular file, too large or not UTF-8, or when
 * its symlinks lead to anything but a manifest of the project: a fault would show its content
 */
export async function readText(file: string, { root, within }: TextBounds): Promise<string> {
  const shown = projectPath(root, file)
  const start = { start: 0, end: 0 }
  const fail = (message: string, hint?: string, cause?: unknown) =>
    failAt(createSourceText(shown, ''), start, message, { hint, cause })

  const [real, realRoot] = await Promise.all([realpath(file), realpath(within ?? root)]).catch(
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

export function failAt(
  source: SourceText,
  span: Span,
  message: string,
  { hint, cause }: { readonly hint?: string | undefined; readonly cause?: unknown } = {},
): never {
  const fault = source.diagnostic(span, message, hint)
  // A text that could not be read has no line to show.
  const faults = [source.text === '' ? { ...fault, frame: '' } : fault]
  throw new ManifestError(faults, cause === undefined ? undefined : { cause })
}

export function notNamed(subject: string): [string, string] {
  const [message, hint] = NOT_NAMED_LIKE_A_MANIFEST
  return [`${subject} ${message}.`, hint]
}

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'the file does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'access is denied'
  return error instanceof Error ? error.message : String(error)
}
