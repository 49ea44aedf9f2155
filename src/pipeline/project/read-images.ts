import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { VERSION } from '../../config/version.ts'
import { ManifestError } from '../../errors/manifest-error.ts'
import type { SelectionError } from '../../errors/selection-error.ts'
import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../../manifest/manifest.ts'
import {
  createManifestParser,
  type ManifestParser,
  PARSER_VERSION,
} from '../../manifest/manifest-parser.ts'
import { readManifest } from '../../manifest/read-manifest.ts'
import { PRESETS } from '../../provider/presets.ts'
import { projectPath } from '../../system/project-path.ts'
import { discoverManifests } from './discover-manifests.ts'
import { createManifestCache } from './manifest-cache.ts'
import type { Selection } from './selection.ts'
import { findUnknownImages, findUnknownManifests } from './unknown-selection.ts'

/** Parses under a project's options, and keeps what it parsed beside the renditions. */
export function createProjectParser(options: ResolvedOptions): ManifestParser {
  const { root, output, provider, renditionsDir } = options
  const folder = path.join(renditionsDir, 'manifests')
  const cache = createManifestCache(folder, [
    VERSION,
    PARSER_VERSION,
    root,
    output,
    provider.preset,
  ])
  const { acceptsSize } = PRESETS[provider.preset]
  return createManifestParser({ root, output, acceptsSize }, cache)
}

/**
 * Reads manifests, each once. Made anew for each run, so that edits are seen.
 * @param parse kept from run to run, so that only edited manifests are parsed again
 */
export function createManifestReader(options: ResolvedOptions, parse: ManifestParser) {
  const manifests = new Map<string, Promise<Manifest>>()
  const { root } = options

  function read(file: string): Promise<Manifest> {
    const reading = manifests.get(file) ?? readManifest(file, options, parse)
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

  function findUnknown(files: readonly string[]): Promise<SelectionError | undefined> {
    const nameOf = (file: string) => projectPath(root, file)
    return findUnknownManifests(
      files.map(file => ({ file, name: nameOf(file) })),
      async () => (await discoverManifests(options)).map(nameOf),
    )
  }

  /** @throws SelectionError, ManifestError */
  async function select(selection: Selection = {}): Promise<readonly ManifestImage[]> {
    const files = selection.manifests ?? (await discoverManifests(options))
    const manifests = await readAll(files).catch(async error => {
      throw (await findUnknown(files)) ?? error
    })
    const images = manifests.flatMap(manifest => manifest.images)
    const { revision, images: ids } = selection
    if (!ids) return images.map(image => withRevision(image, revision))
    const unknown = findUnknownImages(ids, images)
    if (unknown) throw unknown
    const wanted = revisionsByImage(ids)
    return images.flatMap(image =>
      [...(wanted.get(imageKey(image.id)) ?? [])].map(own => withRevision(image, own ?? revision)),
    )
  }

  return { read, find, select }
}

export type ManifestReader = ReturnType<typeof createManifestReader>

/** Undefined stands for the revision of the selection, or of the manifest. */
function revisionsByImage(
  ids: readonly ImageId[],
): ReadonlyMap<ImageKey, ReadonlySet<number | undefined>> {
  const found = new Map<ImageKey, Set<number | undefined>>()
  for (const { manifest, name, revision } of ids) {
    const key = imageKey({ manifest, name })
    found.set(key, (found.get(key) ?? new Set()).add(revision))
  }
  return found
}

function withRevision(image: ManifestImage, revision = image.revision): ManifestImage {
  if (image.revision === revision) return image
  return { ...image, id: { ...image.id, revision }, revision }
}
