import { SelectionError } from '../../errors/selection-error.ts'
import { type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import type { FindImage } from '../../plan/order-by-references.ts'
import { projectPath } from '../../system/project-path.ts'
import { suggest } from '../../text/suggest.ts'
import {
  type ImagePicture,
  type ImagePictures,
  originalPicture,
  sourcePicture,
} from '../pictures/image-picture.ts'
import type { ResolvedModule } from '../pipeline.ts'
import { findUnknownManifests } from '../project/unknown-selection.ts'
import { resolveModule } from '../resolve-module.ts'
import { describeDrafts } from '../run/drafts-in-build.ts'
import type { RunResult } from '../run/run-plan.ts'
import { keepTypes } from '../types/types-file.ts'
import { watchFilesOf } from '../watch-files.ts'
import { generate } from './generate.ts'
import { type PipelineState, track } from './pipeline-state.ts'
import { startReading } from './reading.ts'

/**
 * A manifest's module, with its originals and renditions. Concurrent calls share the work.
 * @param file absolute path
 */
export function makeModule(state: PipelineState, file: string): Promise<ResolvedModule> {
  const { modules } = state
  const underWay = modules.get(file)
  if (underWay) return underWay
  const started = track(state, makeAnew(state, file)).finally(() => modules.delete(file))
  modules.set(file, started)
  return started
}

/**
 * An image whose files are named by their absolute paths.
 * @param file absolute path of its manifest
 */
export async function makeAsset(
  state: PipelineState,
  file: string,
  { name }: ImageId,
): Promise<ImageAsset> {
  const unknown = await findUnknownManifests([file], state.options)
  if (unknown) throw unknown
  const { images } = await makeModule(state, file)
  const image = images.find(({ id }) => id.name === name)
  if (!image) {
    const hint = suggest(
      name,
      images.map(({ id }) => id.name),
    )
    const { root } = state.options
    throw new SelectionError(
      [`${projectPath(root, file)} has no image \`${name}\`.`, hint].filter(Boolean).join(' '),
    )
  }
  return image.assemble(({ path }) => path)
}

async function makeAnew(state: PipelineState, file: string): Promise<ResolvedModule> {
  const { options, originals, renditions, events, fixedNames } = state
  const warn = (message: string): void => events.emit({ type: 'warning', message })
  const reading = startReading(state)
  const { manifests } = reading
  const manifest = await manifests.read(file)
  await fixedNames.claim(manifest, manifests)
  const run = await generate(state, { manifests: [file] }, reading)
  const pictures = await picturesOf(manifest, run, manifests.find)
  const drafts = describeDrafts(manifest, pictures, options.draftsAllowed)
  if (drafts !== undefined) warn(drafts)
  const context = { options, originals, renditions, find: manifests.find, warn }
  const [template, watchFiles] = await Promise.all([
    resolveModule(manifest, pictures, context),
    watchFilesOf(manifest.path, options.root, manifests),
    keepTypes(manifest, pictures, options, warn),
  ])
  return { ...template, watchFiles }
}

/** What a run brought, and source images. */
async function picturesOf(
  { images }: Manifest,
  { originals, sources }: RunResult,
  find: FindImage,
): Promise<ImagePictures> {
  const context = { find, originalOf: (id: ImageId) => originals.get(imageKey(id)) }
  const pictures = new Map<ImageKey, ImagePicture>()
  for (const image of images) {
    const key = imageKey(image.id)
    const [original, source] = [originals.get(key), sources.get(key)]
    if (source) pictures.set(key, sourcePicture(source))
    else if (original) pictures.set(key, await originalPicture(image, original, context))
  }
  return pictures
}
