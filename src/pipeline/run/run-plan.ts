import { ReferenceNotMadeError } from '../../errors/reference-not-made-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Acquired, AcquireProgress, Spending } from '../../originals/acquisition/order.ts'
import type { Allowance } from '../../originals/acquisition/pacing/allowance.ts'
import type { Original } from '../../originals/original.ts'
import type { Originals } from '../../originals/originals.ts'
import type { Key } from '../../plan/image-request.ts'
import { failedState } from '../../plan/image-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import type { Planner } from '../../plan/planner.ts'
import type { SentPictures } from '../../plan/prepare-request.ts'
import type { SourcePicture } from '../../plan/source-picture.ts'
import type { ImageEvent, ImageOutcome, PipelineEvent, RunReport } from '../events.ts'
import { type Cancellations, unlessCancelled } from './cancellations.ts'
import type { CostOptions } from './estimate-cost.ts'
import { originalAsReference, type SentReferenceContext } from './original-as-reference.ts'
import {
  NOTHING_SPENT,
  type Reported,
  reportAcquired,
  reportFailure,
  summarizeRun,
} from './run-report.ts'

export interface RunDeps extends Pick<SentReferenceContext, 'toPng'> {
  readonly originals: Originals
  readonly planner: Planner
  readonly options: CostOptions
  readonly signal: AbortSignal
  readonly cancellations: Cancellations
  /** Overrides `retry.uncertain`. */
  readonly uncertain?: 'retry' | 'stop'
  /** Whether an image is requested although an earlier answer was no usable picture. */
  again(id: ImageId): boolean
  /** The limit for an image's requests. */
  allowance(image: PlannedImage): Allowance | undefined
  /** Proves that references decode, and that a mask fits, before anything is sent. */
  proveReferences(image: PlannedImage, pictures: SentPictures): Promise<void>
  /** Warns or fails when the picture is not as requested. */
  checkOriginal(image: PlannedImage, original: Original): void
  emit(event: PipelineEvent): void
}

export interface RunResult {
  readonly report: RunReport
  readonly originals: ReadonlyMap<ImageKey, Original>
  /** Source images of the plan: nothing was requested for them. */
  readonly sources: ReadonlyMap<ImageKey, SourcePicture>
}

/** What the functions of one run share. */
interface RunState extends RunDeps {
  /** When the run began: milliseconds of the clock. */
  readonly began: number
  /** Originals that the plan found. */
  readonly known: ReadonlyMap<Key, Original>
  /** Originals that are there by now. */
  readonly acquired: Map<ImageKey, Original>
  /** Of every image, in the order of the plan. */
  readonly acquisitions: Map<ImageKey, Promise<Acquired>>
  /** Keys that the plan did not know. */
  readonly keys: Map<ImageKey, Key>
  /** Of images that failed. */
  readonly spent: Map<ImageKey, Spending>
}

/**
 * Acquires the originals of a plan: each as soon as those that it refers to are there, independent
 * ones side by side. One failure leaves the others alone; the report tells all of them together.
 * @param known originals that the plan found
 */
export async function runPlan(
  { images }: Plan,
  known: ReadonlyMap<Key, Original>,
  deps: RunDeps,
): Promise<RunResult> {
  const run: RunState = {
    ...deps,
    began: performance.now(),
    known,
    acquired: new Map(),
    acquisitions: new Map(),
    keys: new Map(),
    spent: new Map(),
  }
  const sources = new Map(
    images.flatMap(({ id, source }) => (source ? [[imageKey(id), source] as const] : [])),
  )
  const requested = images.filter(({ id }) => !sources.has(imageKey(id)))
  const started = requested.map(planned => {
    const acquisition = provide(planned, run)
    run.acquisitions.set(imageKey(planned.id), acquisition)
    return report(planned, acquisition, run)
  })
  return {
    report: summarizeRun(await Promise.all(started), deps.options),
    originals: run.acquired,
    sources,
  }
}

/** Never rejects: a failure is an outcome. */
async function report(
  planned: PlannedImage,
  acquisition: Promise<Acquired>,
  run: RunState,
): Promise<ImageOutcome> {
  const describe = (): Reported => {
    return { planned, duration: performance.now() - run.began, options: run.options }
  }
  try {
    return reportAcquired(await acquisition, describe())
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    emitStatus(planned, failedState(error), run, error)
    return reportFailure(error, describe(), run.spent.get(imageKey(planned.id)))
  }
}

async function provide(planned: PlannedImage, run: RunState): Promise<Acquired> {
  const { id, key, status } = planned
  const original = key === undefined ? undefined : run.known.get(key)
  const acquired: Acquired = original
    ? { original, how: 'cached', ...NOTHING_SPENT }
    : await acquire(planned, run)
  run.acquired.set(imageKey(id), acquired.original)
  run.checkOriginal(planned, acquired.original)
  const where = status.state === 'ready' ? status.where : 'local'
  emitStatus(planned, { state: 'ready', where, how: acquired.how }, run)
  return acquired
}

async function acquire(planned: PlannedImage, run: RunState): Promise<Acquired> {
  if (planned.error) throw planned.error
  const cancellable = run.cancellations.open(planned.id)
  try {
    return await acquireUnlessCancelled(planned, cancellable.signal, run)
  } finally {
    cancellable.close()
  }
}

async function acquireUnlessCancelled(
  planned: PlannedImage,
  waitSignal: AbortSignal,
  run: RunState,
): Promise<Acquired> {
  const { id, image } = planned
  const dependencies = planned.dependsOn.map(dependency => waitFor(planned, dependency, run))
  await unlessCancelled(Promise.all(dependencies), waitSignal)
  const prepared = await run.planner.prepare(image, reference => {
    const original = run.acquired.get(imageKey(reference))
    return original && originalAsReference(reference, original, run)
  })
  if (!prepared) throw new Error(`References of ${formatImageId(id)} are missing.`)
  run.keys.set(imageKey(id), prepared.key)
  await run.proveReferences(planned, prepared)
  emitStatus(planned, { state: 'queued' }, run)
  const allowance = run.allowance(planned)
  return run.originals.acquire(
    { ...prepared, image: id },
    {
      signal: run.signal,
      waitSignal,
      onProgress: progress => followAcquisition(planned, progress, run),
      again: run.again(id),
      ...(run.uncertain && { uncertain: run.uncertain }),
      ...(allowance && { allowance }),
    },
  )
}

/** The plan is ordered: the acquisition of a reference begins before that of its dependents. */
async function waitFor(
  planned: PlannedImage,
  dependency: ImageId,
  { acquisitions }: RunState,
): Promise<void> {
  await acquisitions.get(imageKey(dependency))?.catch(cause => {
    throw new ReferenceNotMadeError(
      `${formatImageId(planned.id)} was skipped: it depends on ${formatImageId(dependency)}, which failed.`,
      { cause },
    )
  })
}

function followAcquisition(planned: PlannedImage, progress: AcquireProgress, run: RunState): void {
  const { id: image } = planned
  if (progress.type === 'state') emitStatus(planned, progress.status, run)
  else if (progress.type === 'failed') run.spent.set(imageKey(image), progress)
  else run.emit({ type: 'warning', message: progress.message, image })
}

function emitStatus(
  { id, key: plannedKey }: PlannedImage,
  status: ImageEvent['status'],
  { emit, keys }: RunState,
  error?: Error,
): void {
  const key = plannedKey ?? keys.get(imageKey(id))
  emit({
    type: 'image',
    image: id,
    ...(key !== undefined && { key }),
    status,
    ...(error && { error }),
  })
}
