import path from 'node:path'
import fastGlob from 'fast-glob'
import type { ResolvedOptions } from '../config/options.ts'
import { PRESETS } from '../config/presets.ts'
import { ManifestError } from '../errors/manifest-error.ts'
import { formatImageId, type ImageId } from '../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../manifest/manifest.ts'
import type { ManifestOptions } from '../manifest/manifest-options.ts'
import type { ManifestParser } from '../manifest/manifest-parser.ts'
import { readManifest } from '../manifest/read-manifest.ts'
import type { Selection } from './pipeline.ts'

/** Absolute paths of the manifests that `include` and `exclude` select, sorted. */
export async function discoverManifests({
  root,
  include,
  exclude,
}: ResolvedOptions): Promise<readonly string[]> {
  const files = await fastGlob([...include], {
    cwd: root,
    ignore: [...exclude],
    absolute: true,
    dot: false,
    followSymbolicLinks: false,
  })
  return files.map(file => path.normalize(file)).sort()
}

/** What manifests are read under. */
export function manifestOptions({ root, output, provider }: ResolvedOptions): ManifestOptions {
  return { root, output, acceptsSize: PRESETS[provider.preset].acceptsSize }
}

/**
 * Reads manifests, each once. Made anew for each run, so that edits are seen.
 * @param parse kept from run to run, so that only what was edited is parsed again
 */
export function createManifestReader(options: ResolvedOptions, parse: ManifestParser) {
  const manifests = new Map<string, Promise<Manifest>>()
  const { root } = options

  function read(file: string): Promise<Manifest> {
    const reading = manifests.get(file) ?? readManifest(file, manifestOptions(options), parse)
    manifests.set(file, reading)
    return reading
  }

  async function find(id: ImageId): Promise<ManifestImage | undefined> {
    const manifest = await read(path.join(root, id.manifest))
    return manifest.images.find(image => image.id.name === id.name)
  }

  /** @throws ManifestError with the faults of all of them */
  async function readAll(files: readonly string[]): Promise<readonly Manifest[]> {
    const results = await Promise.allSettled(files.map(read))
    const reasons = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
    const other = reasons.find(reason => !(reason instanceof ManifestError))
    if (other) throw other
    if (reasons.length > 1) {
      throw new ManifestError(reasons.flatMap(({ diagnostics }) => diagnostics))
    }
    return Promise.all(files.map(read))
  }

  async function select(selection: Selection = {}): Promise<readonly ManifestImage[]> {
    const files = selection.manifests ?? (await discoverManifests(options))
    const manifests = await readAll(files)
    const wanted = selection.images && new Set(selection.images.map(formatImageId))
    const images = manifests
      .flatMap(manifest => manifest.images)
      .filter(image => !wanted || wanted.has(formatImageId(image.id)))
    const { revision } = selection
    return revision === undefined ? images : images.map(image => withRevision(image, revision))
  }

  return { read, find, select }
}

export type ManifestReader = ReturnType<typeof createManifestReader>

function withRevision(image: ManifestImage, revision: number): ManifestImage {
  if (image.revision === revision) return image
  return { ...image, id: { ...image.id, revision }, revision }
}
