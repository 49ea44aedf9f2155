import { readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import glob from 'fast-glob'
import type { ResolvedOptions } from '../../config/options.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { TYPES_MARKER } from '../../module/render-types.ts'
import { readIfThere } from '../../system/present-file.ts'
import { projectPath } from '../../system/project-path.ts'
import { writeAtomically } from '../../system/write-atomically.ts'
import { type InspectedManifest, originalsOf } from '../inspect.ts'
import { compareTypes, describeTypes, type TypesOptions, typesFileOf } from './types-file.ts'

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
  /** Whether there was a file before. */
  readonly existed: boolean
}

export interface TypesReport {
  /** Files whose content was not what it should be. */
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

  for (const manifest of manifests ?? (await pipeline.discover())) {
    const name = projectPath(root, manifest)
    const file = typesFileOf(pipeline.options, name)
    if (file === undefined) continue
    expected.add(file)
    const content = await renderManifest(pipeline, manifest).catch(toFault)
    if (content instanceof ImagegenError) {
      faults.push({ manifest: name, error: content })
      continue
    }
    const comparison = await compareTypes(file, content)
    if (comparison === 'current') {
      current++
    } else {
      if (!dryRun) await writeAtomically(file, content)
      const existed = comparison === 'changed'
      written.push({ file: projectPath(root, file), manifest: name, existed })
    }
  }
  const stale = manifests ? [] : await findStale(pipeline, expected)
  if (!dryRun)
    await Promise.all(stale.map(file => removeWithEmptyFolders(file, path.join(cacheDir, 'types'))))
  const removed = stale.map(file => projectPath(root, file))
  return { written, removed, current, faults }
}

async function renderManifest({ inspect }: TypesPipeline, file: string): Promise<string> {
  const inspected = await inspect(file)
  return describeTypes(inspected.manifest, originalsOf(inspected))
}

/** Files that this package wrote, in either place, for manifests that are gone or elsewhere now. */
async function findStale(
  { options: { root, cacheDir, exclude } }: TypesPipeline,
  expected: ReadonlySet<string>,
): Promise<readonly string[]> {
  const pattern = '**/*.d.{yaml,yml}.ts'
  const places = await Promise.all([
    glob(pattern, { cwd: path.join(cacheDir, 'types'), absolute: true, dot: true }),
    glob(pattern, { cwd: root, absolute: true, ignore: [...exclude] }),
  ])
  const stale: string[] = []
  for (const file of new Set(places.flat().map(found => path.normalize(found)))) {
    if (expected.has(file)) continue
    if ((await readIfThere(file))?.startsWith(TYPES_MARKER)) stale.push(file)
  }
  return stale
}

/** Leaves no empty folders behind in the mirror tree. */
async function removeWithEmptyFolders(file: string, tree: string): Promise<void> {
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
