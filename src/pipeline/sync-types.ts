import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import glob from 'fast-glob'
import { ImagegenError } from '../errors/imagegen-error.ts'
import { formatImageId } from '../manifest/image-id.ts'
import type { Manifest } from '../manifest/manifest.ts'
import { renderTypes, TYPES_MARKER, typesPathOf } from '../module/render-types.ts'
import type { RenditionPlan } from '../renditions/rendition.ts'
import type { Pipeline } from './pipeline.ts'

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

type TypesPipeline = Pick<
  Pipeline,
  'options' | 'discover' | 'manifest' | 'plan' | 'originals' | 'renditions'
>

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

  const base = types === 'mirror' ? path.join(cacheDir, 'types') : root
  for (const manifest of manifests ?? (await pipeline.discover())) {
    const name = toSlashes(path.relative(root, manifest))
    // What lies outside of the root has no place in a tree that mirrors it.
    if (name.startsWith('../') || path.isAbsolute(name)) continue
    const file = path.join(base, typesPathOf(name))
    expected.add(file)
    const content = await renderManifest(pipeline, manifest).catch(toFault)
    if (content instanceof ImagegenError) {
      faults.push({ manifest: name, error: content })
      continue
    }
    const before = await readIfThere(file)
    if (content === withoutCarriageReturns(before)) {
      current++
    } else {
      if (!dryRun) await writeAtomically(file, content)
      const existed = before !== undefined
      written.push({ file: toSlashes(path.relative(root, file)), manifest: name, existed })
    }
  }
  const stale = manifests ? [] : await findStale(pipeline, expected)
  if (!dryRun)
    await Promise.all(stale.map(file => removeWithEmptyFolders(file, path.join(cacheDir, 'types'))))
  const removed = stale.map(file => toSlashes(path.relative(root, file)))
  return { written, removed, current, faults }
}

async function renderManifest(pipeline: TypesPipeline, file: string): Promise<string> {
  const manifest = await pipeline.manifest(file)
  const plans = await planKnownRenditions(pipeline, manifest, file)
  return renderTypes(manifest, ({ id }) => plans.get(formatImageId(id)))
}

/** What will be made of those originals that are there. */
async function planKnownRenditions(
  { plan, originals, renditions }: TypesPipeline,
  manifest: Manifest,
  file: string,
): Promise<ReadonlyMap<string, RenditionPlan>> {
  const plans = new Map<string, RenditionPlan>()
  const own = new Map(manifest.images.map(image => [formatImageId(image.id), image]))
  for (const planned of (await plan({ manifests: [file] })).images) {
    const image = own.get(formatImageId(planned.id))
    if (!image || planned.key === undefined || planned.state !== 'ready') continue
    const look = await originals.look(planned.key)
    if (look.state !== 'ready') continue
    const { path: source, entry } = look.original
    const { digest, format, width, height } = entry
    // Whether it is a composite changes what is written into files, and no type.
    const rendered = { path: source, digest, format, width, height, composite: false }
    plans.set(formatImageId(image.id), renditions.plan(rendered, image.output))
  }
  return plans
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

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** Git may have converted line ends on checkout; that is no difference. */
function withoutCarriageReturns(text: string | undefined): string | undefined {
  return text?.replaceAll('\r\n', '\n')
}

/** Type checkers and other builds never see half a file. */
async function writeAtomically(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`)
  try {
    await writeFile(temporary, content)
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
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

function toSlashes(file: string): string {
  return file.replaceAll('\\', '/')
}
