import { ReferenceNotMadeError } from '../../errors/reference-not-made-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Acquired, AcquireProgress } from '../../originals/acquisition/order.ts'
import type { Allowance } from '../../originals/acquisition/pacing/allowance.ts'
import type { Original } from '../../originals/original.ts'
import type { Originals } from '../../originals/originals.ts'
import type { Key } from '../../plan/image-request.ts'
import { failedState } from '../../plan/image-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import type { Planner } from '../../plan/planner.ts'
import type { ReferencePicture } from '../../plan/reference-picture.ts'
import type { ImageEvent, ImageOutcome, PipelineEvent, RunReport } from '../events.ts'
import { originalAsReference, type SentReferenceContext } from './original-as-reference.ts'

export interface RunDeps extends Pick<SentReferenceContext, 'toPng'> {
  readonly originals: Originals
  readonly planner: Planner
  readonly signal: AbortSignal
  /** Overrides `retry.uncertain`. */
  readonly uncertain?: 'retry' | 'stop'
  /** Whether an image is requested although an earlier answer was no usable picture. */
  again(id: ImageId): boolean
  /** What the requests of an image have to fit in. */
  allowance(image: PlannedImage): Allowance | undefined
  /** Proves that references decode, before anything is sent. */
  proveReferences(image: PlannedImage, references: readonly ReferencePicture[]): Promise<void>
  /** Warns or fails when the picture is not what was asked for. */
  checkOriginal(image: PlannedImage, original: Original): void
  emit(event: PipelineEvent): void
}

export interface RunResult {
  readonly report: RunReport
  readonly originals: ReadonlyMap<ImageKey, Original>
}

/** What was spent on an image. */
type Spent = Pick<ImageOutcome, 'attempts' | 'possiblyBilledTwice' | 'waited'>

const NOTHING: Spent = { attempts: 0, possiblyBilledTwice: 0, waited: 0 }

/**
 * Makes the originals of a plan: each as soon as what it refers to is there, independent ones side
 * by side. The failure of one leaves the others alone; the report tells all of them together.
 * @param known originals that the plan found
 */
export async function runPlan(
  plan: Plan,
  known: ReadonlyMap<Key, Original>,
  deps: RunDeps,
): Promise<RunResult> {
  const started = performance.now()
  const originals = new Map<ImageKey, Original>()
  const makings = new Map<ImageKey, Promise<Acquired>>()
  const keys = new Map<PlannedImage, Key>()
  const spent = new Map<PlannedImage, Spent>()

  async function make(planned: PlannedImage): Promise<Acquired> {
    const cached = planned.key === undefined ? undefined : known.get(planned.key)
    const made = cached
      ? { original: cached, how: 'cached' as const, attempts: 0, possiblyBilledTwice: 0, waited: 0 }
      : await acquire(planned)
    originals.set(imageKey(planned.id), made.original)
    deps.checkOriginal(planned, made.original)
    emitStatus(planned, { state: 'ready', where: 'local', how: made.how })
    return made
  }

  async function acquire(planned: PlannedImage): Promise<Acquired> {
    if (planned.error) throw planned.error
    await Promise.all(planned.dependsOn.map(id => waitFor(planned, id)))
    const prepared = await deps.planner.prepare(planned.image, id => {
      const original = originals.get(imageKey(id))
      return original && originalAsReference(id, original, deps)
    })
    if (!prepared) throw new Error(`References of ${formatImageId(planned.id)} are not there.`)
    keys.set(planned, prepared.key)
    await deps.proveReferences(planned, prepared.references)
    emitStatus(planned, { state: 'queued' })
    const allowance = deps.allowance(planned)
    return deps.originals.acquire(
      { ...prepared, image: planned.id },
      {
        signal: deps.signal,
        onProgress: progress => onProgress(planned, progress),
        again: deps.again(planned.id),
        ...(deps.uncertain && { uncertain: deps.uncertain }),
        ...(allowance && { allowance }),
      },
    )
  }

  /** The plan is ordered, so whatever an image refers to is under way before it. */
  async function waitFor(planned: PlannedImage, dependency: ImageId): Promise<void> {
    await makings.get(imageKey(dependency))?.catch(cause => {
      throw new ReferenceNotMadeError(
        `${formatImageId(planned.id)} was left out: it refers to ${formatImageId(dependency)}, which failed.`,
        { cause },
      )
    })
  }

  function emitStatus(planned: PlannedImage, status: ImageEvent['status'], error?: Error): void {
    const key = planned.key ?? keys.get(planned)
    deps.emit({
      type: 'image',
      image: planned.id,
      ...(key !== undefined && { key }),
      status,
      ...(error && { error }),
    })
  }

  function onProgress(planned: PlannedImage, progress: AcquireProgress): void {
    if (progress.type === 'failed') {
      spent.set(planned, progress)
    } else if (progress.type === 'warning') {
      deps.emit({ type: 'warning', message: progress.message, image: planned.id })
    } else {
      emitStatus(planned, progress.status)
    }
  }

  for (const planned of plan.images) makings.set(imageKey(planned.id), make(planned))
  const images = await Promise.all(
    plan.images.map(async (planned): Promise<ImageOutcome> => {
      const { id } = planned
      try {
        // Every planned image has a making: the loop above put it there.
        const made = await (makings.get(imageKey(id)) as Promise<Acquired>)
        return describeMadeImage(id, made, performance.now() - started)
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        emitStatus(planned, failedState(error), error)
        return describeFailedImage(id, error, performance.now() - started, spent.get(planned))
      }
    }),
  )
  return { report: summarize(images), originals }
}

function describeMadeImage(
  image: ImageOutcome['image'],
  { original, how, attempts, possiblyBilledTwice, waited }: Acquired,
  duration: number,
): ImageOutcome {
  const { width, height, size } = original.entry
  return {
    image,
    outcome: how,
    duration,
    attempts,
    possiblyBilledTwice,
    waited,
    width,
    height,
    size,
  }
}

function describeFailedImage(
  image: ImageOutcome['image'],
  error: Error,
  duration: number,
  { attempts, possiblyBilledTwice, waited }: Spent = NOTHING,
): ImageOutcome {
  const outcome = error instanceof ReferenceNotMadeError ? 'skipped' : 'failed'
  return { image, outcome, duration, attempts, possiblyBilledTwice, waited, error }
}

function summarize(images: readonly ImageOutcome[]): RunReport {
  const total = (count: (image: ImageOutcome) => number) =>
    images.reduce((sum, image) => sum + count(image), 0)
  return {
    images,
    requests: total(image => image.attempts),
    possiblyBilledTwice: total(image => image.possiblyBilledTwice),
    waited: total(image => image.waited),
  }
}
