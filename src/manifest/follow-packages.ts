import { join } from 'node:path'
import { exists } from '../system/files/present-file.ts'
import { projectPath } from '../system/project-path.ts'
import type {
  FileReference,
  ImageReference,
  Manifest,
  ManifestReference,
  PlacedFile,
} from './manifest.ts'
import { parsePackageSpecifier } from './packages/package-specifier.ts'
import {
  type PackageFile,
  type PackageProblem,
  resolvePackageFile,
} from './packages/resolve-package-file.ts'
import { singleImageName } from './single-image-name.ts'
import { createFaults, type Faults } from './source/faults.ts'
import { createSourceText, type SourcePosition, type SourceText } from './source/source-text.ts'
import type { TextFile } from './source/text-file.ts'

interface Following {
  readonly own: TextFile
  readonly root: string
  readonly source: SourceText
  readonly faults: Faults
  /** What specifiers lead to: the images of a matrix share theirs. */
  readonly found: Map<string, Promise<PackageFile | PackageProblem | undefined>>
}

/**
 * A manifest whose references lead to files, where they named exports of packages. A path that
 * exists wins over a package of the same name.
 * @throws ManifestError with all faults at once
 */
export async function followPackages(
  manifest: Manifest,
  own: TextFile,
  root: string,
): Promise<Manifest> {
  const isPlain = manifest.images.every(({ references }) => !references.some(needsPackage))
  if (isPlain && own.within === undefined) return manifest
  const faults = createFaults()
  const source = createSourceText(manifest.path, own.text)
  const following: Following = { own, root, source, faults, found: new Map() }
  const images = await Promise.all(
    manifest.images.map(async image => ({
      ...image,
      references: await Promise.all(
        image.references.map(reference => followReference(reference, following)),
      ),
    })),
  )
  faults.throwIfAny()
  return { ...manifest, images }
}

function needsPackage({ package: named, mask }: ManifestReference): boolean {
  return named !== undefined || mask?.package !== undefined
}

async function followReference(
  reference: ManifestReference,
  following: Following,
): Promise<ManifestReference> {
  const mask = reference.mask && (await followFile(reference.mask, following))
  const followed =
    reference.kind === 'file'
      ? await followFileReference(reference, following)
      : await followImage(reference, following)
  return { ...followed, ...(mask && { mask }) }
}

async function followFileReference(
  reference: FileReference,
  following: Following,
): Promise<FileReference> {
  return { kind: 'file', ...(await followFile(reference, following)) }
}

async function followFile(
  { path, at, package: named }: PlacedFile,
  following: Following,
): Promise<PlacedFile> {
  const target = named && (await find(named.specifier, path, at, following))
  const within = target?.root ?? following.own.within
  return { path: target?.file ?? path, at, ...(within !== undefined && { within }) }
}

async function followImage(
  { package: named, ...reference }: ImageReference,
  following: Following,
): Promise<ImageReference> {
  if (!named) return reference
  const { root } = following
  const path = join(root, reference.image.manifest)
  const target = await find(named.specifier, path, reference.at, following)
  if (!target) return reference
  const name = named.isSingle ? singleImageName(target.file) : reference.image.name
  return { ...reference, image: { manifest: projectPath(root, target.file), name } }
}

async function find(
  specifier: string,
  path: string,
  at: SourcePosition,
  { own, source, faults, found }: Following,
): Promise<PackageFile | undefined> {
  const parsed = parsePackageSpecifier(specifier)
  if (!parsed || (await exists(path))) return undefined
  const finding = found.get(specifier) ?? resolvePackageFile(parsed, own.file)
  found.set(specifier, finding)
  const target = await finding
  if (!target || 'file' in target) return target
  const start = offsetOf(source.text, at)
  const end = start + 1
  faults.add(source.diagnostic({ start, end }, target.message, target.hint))
  return undefined
}

function offsetOf(text: string, { line, column }: SourcePosition): number {
  const lines = text.split('\n').slice(0, line - 1)
  return lines.reduce((sum, { length }) => sum + length + 1, 0) + column - 1
}
