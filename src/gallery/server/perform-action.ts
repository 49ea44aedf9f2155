import path from 'node:path'
import { type BudgetUsage, hasRoom } from '../../budget/limits.ts'
import type { DevImages } from '../../dev/dev-images.ts'
import type { DevImage } from '../../dev/images/dev-manifest.ts'
import { setRevision } from '../../manifest/edit/edit-revision.ts'
import { rewriteManifest } from '../../manifest/edit/rewrite-manifest.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import { OFFERED } from '../../pipeline/keep/earlier-versions.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { neededSpend } from '../../pipeline/run/estimate-cost.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { requestKey } from '../../plan/request-key.ts'
import { clockTime } from '../../text/clock-time.ts'
import { formatAmount } from '../../text/format-amount.ts'
import { ActionRefusedError } from './action-refused-error.ts'
import type { GalleryAction } from './gallery-action.ts'

/** What somebody asked for, and where it applies. */
interface ActionContext {
  readonly action: GalleryAction
  readonly images: DevImages
  /** Absolute path of the manifest. */
  readonly file: string
  readonly onError: (error: Error) => void
}

/**
 * Does what the gallery was asked for. Generation goes on when this resolves; the images' state
 * tells how it ends.
 * @param onError told what goes wrong after that
 * @throws ActionRefusedError, ManifestError
 */
export async function performAction(
  action: GalleryAction,
  images: DevImages,
  onError: (error: Error) => void,
): Promise<void> {
  const { pipeline, generations } = images
  const file = path.join(pipeline.options.root, action.image.manifest)
  const context: ActionContext = { action, images, file, onError }
  // An action names a file, and must not reach files that `include` does not select.
  if (!(await pipeline.discover()).includes(file)) throw unknown(action)
  const manifest = await images.read(file)
  const image = manifest.images.find(({ planned }) => planned.id.name === action.image.name)
  if (!image) throw unknown(action)

  switch (action.action) {
    case 'generate':
    case 'retry':
      await removeCorrupt(image, images)
      return generate(image, context)
    case 'resolve':
      if (action.answer === 'give-up') {
        return generations.hold(image.planned, 'The earlier attempt was given up.')
      }
      return generate(image, context)
    case 'alternatives':
      return generateAlternatives(image.planned.id, action.count, context)
    case 'use':
      return writeRevision(image.planned.id.name, action.revision, context)
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

/** For whoever clicked. The run that follows reserves what it needs. */
async function checkSpending(
  wanted: readonly PlannedImage[],
  { pipeline }: DevImages,
): Promise<void> {
  const refusal = pipeline.refusal()
  if (refusal !== undefined) throw new ActionRefusedError(refusal)
  const usage = await pipeline.budget()
  const amount = neededSpend(wanted, pipeline.options)
  if (hasRoom(usage, { requests: wanted.length, amount })) return
  const { used, limit, spend, freesAt } = usage
  const wait = `Wait${freesAt === undefined ? '' : ` (the oldest is an hour old at ${clockTime(freesAt)})`}, or raise the budget.`
  if (used + wanted.length > limit || !spend) {
    throw new ActionRefusedError(
      `This would generate ${wanted.length}, but \`budget.images\` allows ${limit} within 60 minutes, and ${used} of them are used. ${wait}`,
    )
  }
  throw new ActionRefusedError(describeSpend(amount, spend, wait))
}

function describeSpend(
  amount: number,
  { used, limit, currency }: NonNullable<BudgetUsage['spend']>,
  wait: string,
): string {
  if (!Number.isFinite(amount)) {
    return '`budget.spend` bounds what is spent, and this picture has no price. Add it to `budget.prices`.'
  }
  return `This would cost ${formatAmount(amount, currency)}, but \`budget.spend\` allows ${formatAmount(limit, currency)} within 60 minutes, and ${formatAmount(used, currency)} of that are used. ${wait}`
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
  { action, images, file }: ActionContext,
): Promise<void> {
  await rewriteManifest(file, async text => {
    const { manifest, images: present } = await images.read(file)
    const planned = present.find(image => image.planned.id.name === name)?.planned
    if (!planned) throw unknown(action)
    if (!(await hasPicture(planned, revision, images))) {
      throw new ActionRefusedError(
        `There is no picture of revision ${revision} for the present prompt of ${formatImageId(planned.id)}. Look at its pictures again.`,
      )
    }
    return editRevision(text, manifest.single ? undefined : name, revision, manifest.path)
  })
  await images.refresh(file)
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

function unknown({ image }: GalleryAction): ActionRefusedError {
  return new ActionRefusedError(
    `There is no image ${formatImageId(image)} any more. Reload the gallery.`,
  )
}
