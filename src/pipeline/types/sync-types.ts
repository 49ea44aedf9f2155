import { readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import glob from 'fast-glob'
import type { ResolvedOptions } from '../../config/options.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { TYPES_MARKER } from '../../module/render-types.ts'
import { typesMapPathOf } from '../../module/render-types-map.ts'
import { readIfThere } from '../../system/files/present-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { projectPath } from '../../system/project-path.ts'
import { type InspectedManifest, picturesIn } from '../inspect.ts'
import { findImportedExports } from './imported-exports.ts'
import { describeTypes, findTypesChanges, type TypesChange } from './types-file.ts'
import { findTypesPlace, PACKAGE_TYPES, type TypesOptions, type TypesPlace } from './types-place.ts'

export interface SyncTypesOptions {
  /** Absolute paths; absent: every manifest, and type files of manifests that are gone are removed. */
  readonly manifests?: readonly string[]
  /** Only says what would be done. */
  readonly dryRun?: boolean
}

export interface TypesFile {
  /** Path relative to the root, with slashes. */
  readonly file: string
  readonly manifest: string
  /** Whether there were types before. */
  readonly existed: boolean
  /** Nothing is wrong without the change: it adds a map, moves it, or adds what 0.1.0 did not know. */
  readonly isMinor: boolean
}

export interface TypesReport {
  /** Type files whose content was not what it should be; where the types were right, their maps. */
  readonly written: readonly TypesFile[]
  readonly removed: readonly string[]
  /** How many files were right already. */
  readonly current: number
  /** Manifests that could not be read or planned; their type files are left as they are. */
  readonly faults: readonly { readonly manifest: string; readonly error: ImagegenError }[]
}

/** As much of a pipeline as types are made from. */
export interface TypesPipeline {
  readonly options: TypesOptions & Pick<ResolvedOptions, 'exclude'>
  discover(): Promise<readonly string[]>
  inspect(file: string): Promise<InspectedManifest>
}

/**
 * Writes exact types of manifests where `types` says. Touches only what changed, so that watchers
 * stay quiet, and nothing that it did not write itself. Sends nothing and encodes nothing.
 */
export async function syncTypes(
  pipeline: TypesPipeline,
  { manifests, dryRun = false }: SyncTypesOptions = {},
): Promise<TypesReport> {
  const { root, cacheDir, types } = pipeline.options
  const written: TypesFile[] = []
  const faults: { manifest: string; error: ImagegenError }[] = []
  const expected = new Set<string>()
  let current = 0
  if (types === false) return { written, removed: [], current, faults }

  for (const manifest of manifests ?? (await findAll(pipeline))) {
    const name = projectPath(root, manifest)
    const place = await findTypesPlace(pipeline.options, name)
    if (!place) continue
    expected.add(place.file)
    const changes = await findChanges(pipeline, manifest, place).catch(toFault)
    if (changes instanceof ImagegenError) {
      faults.push({ manifest: name, error: changes })
      continue
    }
    if (!dryRun) {
      for (const change of changes) await writeAtomically(change.file, change.content)
    }
    const [first] = changes
    if (!first) current++
    else written.push(describeChange(first, name, root))
  }
  const stale = manifests ? [] : await findStale(pipeline, expected)
  if (!dryRun)
    await Promise.all(stale.map(file => removeWithEmptyFolders(file, path.join(cacheDir, 'types'))))
  const removed = stale.map(file => projectPath(root, file))
  return { written, removed, current, faults }
}

/** The project's manifests, and those that its sources import from packages. */
async function findAll({ options, discover }: TypesPipeline): Promise<readonly string[]> {
  return [...(await discover()), ...(await findImportedExports(options))]
}

function describeChange(
  { file, existed, isMinor }: TypesChange,
  manifest: string,
  root: string,
): TypesFile {
  return { file: projectPath(root, file), manifest, existed, isMinor }
}

async function findChanges(
  { inspect, options }: TypesPipeline,
  source: string,
  { file, module }: TypesPlace,
): Promise<readonly TypesChange[]> {
  const inspected = await inspect(source)
  const { manifest } = inspected
  const content = describeTypes(manifest, picturesIn(inspected), module)
  return findTypesChanges({ manifest, file, content }, options)
}

/** Files that this package wrote, in either place, for manifests that are gone or elsewhere now. */
async function findStale(
  { options: { root, cacheDir, exclude } }: TypesPipeline,
  expected: ReadonlySet<string>,
): Promise<readonly string[]> {
  const pattern = '**/*.d.{yaml,yml}.ts'
  const packages = '**/*.d.ts'
  const places = await Promise.all([
    glob(pattern, { cwd: path.join(cacheDir, 'types'), absolute: true, dot: true }),
    glob(pattern, { cwd: root, absolute: true, ignore: [...exclude] }),
    glob(packages, { cwd: path.join(cacheDir, PACKAGE_TYPES), absolute: true, dot: true }),
  ])
  const stale: string[] = []
  for (const file of new Set(places.flat().map(found => path.normalize(found)))) {
    if (expected.has(file)) continue
    if ((await readIfThere(file))?.startsWith(TYPES_MARKER)) stale.push(file)
  }
  return stale
}

/** Removes types and their map, and leaves no empty folders behind in the mirror tree. */
async function removeWithEmptyFolders(file: string, tree: string): Promise<void> {
  await rm(typesMapPathOf(file), { force: true })
  await rm(file, { force: true })
  let folder = path.dirname(file)
  while (folder.startsWith(tree + path.sep) && (await isEmpty(folder))) {
    await rmdir(folder).catch(() => undefined)
    folder = path.dirname(folder)
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  return readdir(folder).then(
    names => names.length === 0,
    () => false,
  )
}

function toFault(error: unknown): ImagegenError {
  if (error instanceof ImagegenError) return error
  throw error
}
