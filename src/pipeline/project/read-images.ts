import path from 'node:path'
import type { ResolvedOptions } from '../../config/options.ts'
import { VERSION } from '../../config/version.ts'
import { ManifestError } from '../../errors/manifest-error.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../../manifest/manifest.ts'
import {
  createManifestParser,
  type ManifestParser,
  PARSER_VERSION,
} from '../../manifest/manifest-parser.ts'
import { readManifest } from '../../manifest/read-manifest.ts'
import { abilitiesOf } from '../../provider/abilities.ts'
import { discoverManifests } from './discover-manifests.ts'
import { createManifestCache } from './manifest-cache.ts'
import { selectedImages } from './selected-images.ts'
import type { Selection } from './selection.ts'
import { findUnknownManifests } from './unknown-selection.ts'

/**
 * Parses under a project's options, and keeps what it parsed beside the renditions.
 * @param isKept false for texts that are not on disk
 */
export function createProjectParser(options: ResolvedOptions, isKept = true): ManifestParser {
  const { root, output, renditionsDir } = options
  const provider = abilitiesOf(options.provider)
  const providers = Object.fromEntries(
    Object.entries(options.providers).map(([name, named]) => [name, abilitiesOf(named)]),
  )
  const folder = path.join(renditionsDir, 'manifests')
  const cache = createManifestCache(folder, [
    VERSION,
    PARSER_VERSION,
    root,
    output,
    provider,
    providers,
  ])
  return createManifestParser({ root, output, provider, providers }, isKept ? cache : undefined)
}

/**
 * Reads manifests, each once. Made anew for each run, so that edits are seen.
 * @param parse kept from run to run, so that only edited manifests are parsed again
 * @param given what the text of one file would be
 */
export function createManifestReader(
  options: ResolvedOptions,
  parse: ManifestParser,
  given?: GivenText,
) {
  const manifests = new Map<string, Promise<Manifest>>()
  const { root } = options

  function read(file: string): Promise<Manifest> {
    const known = manifests.get(file)
    if (known) return known
    const reading =
      file === given?.file
        ? readManifest(file, options, given.parse, given.text)
        : readManifest(file, options, parse)
    manifests.set(file, reading)
    return reading
  }

  async function find(id: ImageId): Promise<ManifestImage | undefined> {
    const manifest = await read(path.join(root, id.manifest))
    return manifest.images.find(image => image.id.name === id.name)
  }

  /** @throws SelectionError, ManifestError */
  async function select(selection: Selection = {}): Promise<readonly ManifestImage[]> {
    const files = selection.manifests ?? (await discoverManifests(options))
    const selected = await readAll(files, read).catch(async error => {
      throw (await findUnknownManifests(files, options)) ?? error
    })
    return selectedImages(
      selected.flatMap(manifest => manifest.images),
      selection,
    )
  }

  return { read, find, select }
}

/** The text that a manifest would have. */
export interface GivenText {
  /** Absolute path. */
  readonly file: string
  readonly text: string
  /** Keeps nothing: the text is not on disk. */
  readonly parse: ManifestParser
}

export type ManifestReader = ReturnType<typeof createManifestReader>

/** @throws ManifestError with the faults of all of them */
async function readAll(
  files: readonly string[],
  read: (file: string) => Promise<Manifest>,
): Promise<readonly Manifest[]> {
  const results = await Promise.allSettled(files.map(read))
  const reasons = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  const other = reasons.find(reason => !(reason instanceof ManifestError))
  if (other) throw other
  if (reasons.length > 1) {
    throw new ManifestError(reasons.flatMap(({ diagnostics }) => diagnostics))
  }
  return Promise.all(files.map(read))
}
