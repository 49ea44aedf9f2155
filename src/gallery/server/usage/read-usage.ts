import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { DevImages } from '../../../dev/dev-images.ts'
import type { DevManifest } from '../../../dev/images/dev-manifest.ts'
import { type ImageId, type ImageKey, imageKey } from '../../../manifest/image-id.ts'
import { projectPath } from '../../../system/project-path.ts'
import type { GalleryImageUsage, GalleryUsage, GalleryUse } from '../../data/gallery-exchanges.ts'
import { createUseSearch, type FoundUse, type UseSearch } from './find-uses.ts'

export interface UsageDeps {
  readonly images: DevImages
  /** Absolute paths of the modules that import a manifest, as far as the server has loaded them. */
  importersOf(file: string): readonly string[]
  editorUrl(file: string, line: number, column: number): string
}

/** Files that may name a manifest. */
const SOURCES =
  '**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts,vue,svelte,astro,md,mdx,html,css,scss,sass,less}'

/** In a project of more files only loaded modules are searched. */
const MOST_FILES = 20_000

/** Bytes. Larger files are bundles. */
const LARGEST = 1024 * 1024

/** Files that are read at once. */
const CONCURRENCY = 16

/** Which modules use which images. Images that refer to others use them too. */
export async function readUsage(deps: UsageDeps): Promise<GalleryUsage> {
  const { images } = deps
  const { root } = images.pipeline.options
  const manifests = images.manifests()
  const search = createUseSearch(
    manifests.map(({ file, manifest, images: own }) => ({
      file,
      isSingle: manifest.single,
      images: own.map(({ planned: { image } }) => ({
        name: image.id.name,
        exportName: image.exportName,
      })),
    })),
    root,
  )
  const sources = await findSources(images)
  const loaded = new Map(manifests.map(({ file }) => [file, deps.importersOf(file)] as const))
  const files = new Set([...(sources ?? []), ...[...loaded.values()].flat()])
  const found = await searchFiles([...files], search)
  const uses = new Map<ImageKey, Map<string, ImageId>>()
  const note = (id: ImageId, file: string): void => {
    const key = imageKey({ manifest: id.manifest, name: id.name })
    uses.set(key, (uses.get(key) ?? new Map()).set(file, id))
  }
  for (const [file, own] of found) {
    for (const { manifest, name } of own)
      note({ manifest: projectPath(root, manifest), name }, file)
  }
  for (const manifest of manifests) noteOthers(manifest, { found, loaded, note })
  return {
    scope: sources ? 'complete' : 'loaded',
    images: [...uses.values()].map(own => describeUses(own, deps)),
  }
}

interface Noting {
  readonly found: ReadonlyMap<string, readonly FoundUse[]>
  readonly loaded: ReadonlyMap<string, readonly string[]>
  note(id: ImageId, file: string): void
}

/** Images of the manifest that modules import in a way that the search does not see, and references. */
function noteOthers({ file, images }: DevManifest, { found, loaded, note }: Noting): void {
  for (const importer of loaded.get(file) ?? []) {
    const isSeen = found.get(importer)?.some(use => use.manifest === file)
    if (!isSeen) for (const { planned } of images) note(planned.id, importer)
  }
  for (const { planned } of images) {
    for (const reference of planned.image.references) {
      if (reference.kind === 'image') note(reference.image, file)
    }
    for (const { picture } of planned.image.variants ?? []) {
      if (picture.name !== planned.id.name) note(picture, file)
    }
  }
}

function describeUses(
  uses: ReadonlyMap<string, ImageId>,
  { images, editorUrl }: UsageDeps,
): GalleryImageUsage {
  const { root } = images.pipeline.options
  const [id] = uses.values()
  const { manifest = '', name = '' } = id ?? {}
  const described = [...uses.keys()]
    .sort()
    .map(
      (file): GalleryUse => ({ path: projectPath(root, file), editorUrl: editorUrl(file, 1, 1) }),
    )
  return { image: { manifest, name }, uses: described }
}

/** Absolute paths of the project's sources; undefined when these are too many to be searched. */
async function findSources({ pipeline }: DevImages): Promise<readonly string[] | undefined> {
  const { root, exclude, cacheDir } = pipeline.options
  const { default: glob } = await import('fast-glob')
  const ignore = [...exclude, '**/node_modules/**', `${projectPath(root, cacheDir)}/**`]
  const files: string[] = []
  for await (const file of glob.stream(SOURCES, { cwd: root, absolute: true, ignore })) {
    files.push(path.normalize(String(file)))
    if (files.length > MOST_FILES) return undefined
  }
  return files
}

async function searchFiles(
  files: readonly string[],
  search: UseSearch,
): Promise<ReadonlyMap<string, readonly FoundUse[]>> {
  const found = new Map<string, readonly FoundUse[]>()
  const next = files.values()
  const work = Array.from({ length: CONCURRENCY }, async () => {
    for (const file of next) {
      const uses = search.find({ file, text: await readSource(file) })
      if (uses.length > 0) found.set(file, uses)
    }
  })
  await Promise.all(work)
  return found
}

/** Empty for what cannot be read: it may be gone by now. */
async function readSource(file: string): Promise<string> {
  try {
    return (await stat(file)).size > LARGEST ? '' : await readFile(file, 'utf8')
  } catch {
    return ''
  }
}
