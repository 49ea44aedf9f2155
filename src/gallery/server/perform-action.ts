import type { DevImages } from '../../dev/dev-images.ts'
import type { DevImage } from '../../dev/images/dev-manifest.ts'
import { setRevision } from '../../manifest/edit/edit-revision.ts'
import { rewriteManifest } from '../../manifest/edit/rewrite-manifest.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import { OFFERED } from '../../pipeline/keep/earlier-versions.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { requestKey } from '../../plan/request-key.ts'
import type { ManifestChanges } from './changes/manifest-changes.ts'
import { ActionRefusedError } from './checks/action-refused-error.ts'
import { checkSpending } from './checks/check-spending.ts'
import { openImage, unknownImage } from './checks/open-image.ts'
import type { GalleryAction } from './gallery-action.ts'

/** What somebody asked for, and where it applies. */
interface ActionContext {
  readonly action: GalleryAction
  readonly images: DevImages
  /** Absolute path of the manifest. */
  readonly file: string
  readonly onError: (error: Error) => void
  readonly changes: ManifestChanges
}

/**
 * Does what the gallery was asked for. Generation goes on when this resolves; the images' state
 * tells how it ends.
 * @param context its `onError` is told what goes wrong after that
 * @throws ActionRefusedError, ManifestError
 */
export async function performAction(
  action: GalleryAction,
  { images, changes, onError }: Pick<ActionContext, 'images' | 'changes' | 'onError'>,
): Promise<void> {
  const { generations } = images
  const { file, image } = await openImage(action.image, images)
  const context: ActionContext = { action, images, file, onError, changes }

  switch (action.action) {
    case 'generate':
    case 'retry':
      await removeCorrupt(image, images)
      return generate(image, context)
    case 'resolve':
      if (action.answer === 'give-up') {
        return generations.hold(image.planned, 'The earlier request was dropped.')
      }
      return generate(image, context)
    case 'alternatives':
      return generateAlternatives(image.planned.id, action.count, context)
    case 'use':
      return writeRevision(image.planned.id.name, action.revision, context)
    case 'cancel':
      return cancel(image.planned.id, images)
    case 'keep':
      return keepPicture(image.planned.id, context)
  }
}

/** Whoever asks for another picture has seen that this one is damaged. */
async function removeCorrupt(
  { planned: { status, key } }: DevImage,
  { pipeline }: DevImages,
): Promise<void> {
  if (status.state === 'corrupt' && key) await pipeline.originals.remove(key)
}

async function generate(image: DevImage, { images, file, onError }: ActionContext): Promise<void> {
  await checkSpending([image.planned], images)
  const selection = { manifests: [file], ...answered(image) }
  images.generations.generate([image.planned], selection).catch(onError)
}

async function generateAlternatives(
  id: ImageId,
  count: number,
  { images: { pipeline, generations }, images, file, onError }: ActionContext,
): Promise<void> {
  const selection = { manifests: [file], images: [id] }
  const isTaken = (other: ImageId) => generations.underWay(other).length > 0
  const wanted = await pipeline.alternatives(selection, count, isTaken)
  const plan = await pipeline.plan({ manifests: [file], images: wanted })
  const alternatives = plan.images.filter(planned => planned.id.revision !== undefined)
  await checkSpending(alternatives, images)
  generations.generate(alternatives, { manifests: [file] }).catch(onError)
}

/** The manifest may have changed since the page was drawn: writes nothing that would cost a request. */
async function writeRevision(
  name: string,
  revision: number,
  { action, images, file, changes, onError }: ActionContext,
): Promise<void> {
  let written: { readonly before: string; readonly after: string } | undefined
  await rewriteManifest(file, async text => {
    const { manifest, images: present } = await images.inspect(file)
    const planned = present.find(image => image.planned.id.name === name)?.planned
    if (!planned) throw unknownImage(action.image)
    if (!(await hasPicture(planned, revision, images))) {
      throw new ActionRefusedError(
        `Revision ${revision} of ${formatImageId(planned.id)} has no picture for the current prompt. Reload the gallery.`,
      )
    }
    const after = editRevision(text, manifest.single ? undefined : name, revision, manifest.path)
    written = { before: text, after }
    return after
  })
  const change = written && { image: action.image, label: 'revision', ...written }
  const problem = change && (await changes.add(change))
  if (problem !== undefined) onError(new Error(problem))
  await images.refresh(file)
}

function cancel(id: ImageId, { generations }: DevImages): void {
  if (generations.cancel(id)) return
  throw new ActionRefusedError(
    `Nothing of ${formatImageId(id)} waits to be sent. A request that was sent comes to its end.`,
  )
}

/** As `plan` offers it: only the request's words or its model may have changed. */
async function keepPicture(
  id: ImageId,
  { images: { pipeline, generations, refresh }, file }: ActionContext,
): Promise<void> {
  if (generations.underWay(id).length > 0) {
    throw new ActionRefusedError(`${formatImageId(id)} is being generated. Wait for its picture.`)
  }
  const selection = { manifests: [file], images: [id] }
  const { images } = await pipeline.keep(selection, { because: OFFERED })
  const problem = images.find(image => image.outcome === 'failed')?.problem
  if (problem !== undefined) throw new ActionRefusedError(problem)
  await refresh(file)
}

async function hasPicture(
  { request }: PlannedImage,
  revision: number,
  { pipeline }: DevImages,
): Promise<boolean> {
  if (!request) return false
  const found = await pipeline.originals.status(requestKey({ ...request, revision }))
  return found.state === 'ready'
}

/** Somebody decided: uncertain, refused and unusable images are requested again. */
function answered({ planned: { status } }: DevImage): Pick<Selection, 'uncertain' | 'again'> {
  if (status.state === 'uncertain') return { uncertain: 'retry' }
  return status.state === 'unusable' || status.state === 'refused' ? { again: true } : {}
}

function editRevision(
  text: string,
  name: string | undefined,
  revision: number,
  file: string,
): string {
  try {
    return setRevision(text, name, revision, file)
  } catch (error) {
    if (error instanceof RangeError) throw new ActionRefusedError(error.message, { cause: error })
    throw error
  }
}
