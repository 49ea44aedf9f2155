import path from 'node:path'
import type { DevImages } from '../../../dev/dev-images.ts'
import { rewriteManifest } from '../../../manifest/edit/rewrite-manifest.ts'
import { formatImageId } from '../../../manifest/image-id.ts'
import type { PreviewedImage } from '../../../pipeline/preview.ts'
import type { GalleryWordsSave, GalleryWritten } from '../../data/gallery-exchanges.ts'
import type { ManifestChanges } from '../changes/manifest-changes.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import { checkSpending } from '../checks/check-spending.ts'
import { readManifestText } from '../checks/open-image.ts'
import { findKeepablePictures, keepPictures } from './keep-pictures.ts'
import { changedMeanwhile, neededRequests, type PlannedWords, planWords } from './plan-words.ts'

export interface SaveDeps {
  readonly images: DevImages
  readonly changes: ManifestChanges
  /** Told what goes wrong after the words were saved. */
  onError(error: Error): void
}

/**
 * Writes words into the YAML. What is not to be requested is held back before they are written, so
 * that nothing is requested in between.
 * @throws ActionRefusedError, ManifestWriteError
 */
export async function saveWords(
  save: Omit<GalleryWordsSave, 'token'>,
  deps: SaveDeps,
): Promise<GalleryWritten> {
  const { images } = deps
  const planned = await planWords(save, images)
  const [fault] = planned.faults
  if (fault) {
    throw new ActionRefusedError(
      `Nothing was written: ${[fault.message, fault.hint].filter(Boolean).join(' ')}`,
    )
  }
  const requests = neededRequests(planned.preview)
  const wanted = requests.map(request => request.planned)
  if (save.pictures === 'generate' && wanted.length > 0) await checkSpending(wanted, images)
  const takeBack = await prepare(save, planned, deps)
  const problem = await write(save, planned, deps).catch(async error => {
    await takeBack()
    throw error
  })
  await images.refresh(planned.file)
  if (save.pictures === 'generate') requestAll(requests, planned, deps)
  const { digest } = await readManifestText(planned.file)
  return { digest, ...(problem !== undefined && { problem }) }
}

/** @returns the function that takes it back */
async function prepare(
  { pictures, image }: Pick<GalleryWordsSave, 'pictures' | 'image'>,
  planned: PlannedWords,
  { images }: SaveDeps,
): Promise<() => Promise<void>> {
  if (pictures === 'generate') return async () => undefined
  const kept = pictures === 'keep' ? findKeepablePictures(planned) : []
  const requests = neededRequests(planned.preview)
  if (pictures === 'keep' && kept.length === 0 && requests.length > 0) {
    throw new ActionRefusedError(
      `${formatImageId(image)} has no picture that could stay for these words. Save them without generating, or generate.`,
    )
  }
  const undoKeep = await keepPictures(kept, images)
  const keys = new Set(kept.map(({ wanted }) => wanted.key))
  const release = await images.generations.holdBack(
    requests.flatMap(({ planned: request }) =>
      request.key !== undefined && keys.has(request.key) ? [] : [request],
    ),
    'Its words were saved without generating.',
  )
  return async () => {
    await release()
    await undoKeep()
  }
}

/** @returns what went wrong after the words were written */
async function write(
  { image, edits }: Omit<GalleryWordsSave, 'token'>,
  { file, before, after }: PlannedWords,
  { changes }: SaveDeps,
): Promise<string | undefined> {
  if (before === after) return undefined
  await rewriteManifest(file, text => {
    if (text !== before) throw changedMeanwhile(image.manifest)
    return after
  })
  const fields = [...new Set(edits.map(({ path: [field = ''] }) => field))]
  return changes.add({ image, label: listed(fields), before, after })
}

/** Goes on when the answer is sent; the images' states tell how it ends. */
function requestAll(
  requests: readonly PreviewedImage[],
  { manifest }: PlannedWords,
  { images, onError }: SaveDeps,
): void {
  const { root } = images.pipeline.options
  const files = new Set([manifest.file])
  for (const { planned } of requests) files.add(path.join(root, planned.id.manifest))
  images.generations
    .generate(
      requests.map(({ planned }) => planned),
      { manifests: [...files], uncertain: 'retry' },
    )
    .catch(onError)
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
