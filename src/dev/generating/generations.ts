import { BudgetError } from '../../errors/budget-error.ts'
import { MissingKeyError } from '../../errors/missing-key-error.ts'
import { MissingOriginalsError } from '../../errors/missing-originals-error.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { RunError } from '../../pipeline/run-error.ts'
import { failedState, isUnderWay } from '../../plan/image-state.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import type { Generation } from '../images/generation.ts'
import { followImageEvent } from './follow-image-event.ts'
import { createHeldRequests, type HeldRequests } from './held-requests.ts'
import {
  addWanted,
  findWanted,
  listAlternatives,
  listHeldBack,
  listUnderWay,
  listWanted,
  removeWanted,
  restoreHeldBack,
  type WantedImage,
  type WantedImages,
} from './wanted-images.ts'

export interface GenerationsDeps {
  readonly pipeline: Pick<InternalPipeline, 'generate' | 'cancel' | 'originals' | 'options' | 'on'>
  /** Told when an image came into another state; `isReady`: its original is there. */
  onChange(image: ImageId, isReady: boolean): void
  warn(message: string): void
  now(): Date
}

/** What this server generates, and what became of it. Never sends a request twice at the same time. */
export interface Generations {
  find(planned: PlannedImage): Generation | undefined
  underWay(image: ImageId): readonly Generation[]
  /** Other revisions of an image that are under way. */
  alternativesOf(id: ImageId): readonly Generation[]
  /**
   * Generates these images unless they are under way, and what they refer to. Never rejects: each
   * image's status says what went wrong.
   */
  generate(images: readonly PlannedImage[], selection: Selection): Promise<void>
  /** Notes that somebody decided not to generate it. */
  hold(planned: PlannedImage, problem: string): void
  /**
   * Calls off the requests of an image that wait to be sent.
   * @returns whether there was one
   */
  cancel(image: ImageId): boolean
  /**
   * Notes that these are not requested until somebody asks for them, before development would; a
   * server that restarts knows it too.
   * @returns the function that takes it back
   */
  holdBack(images: readonly PlannedImage[], problem: string): Promise<() => Promise<void>>
  /** The images that the budget holds back. */
  readonly heldForBudget: readonly PlannedImage[]
  /** Forgets that the budget held them back: they are missing, as at first. */
  releaseHeldForBudget(): void
  readonly busy: boolean
  close(): void
}

interface State extends GenerationsDeps {
  readonly heldRequests: HeldRequests
  readonly wanted: WantedImages
  readonly warned: Set<string>
  /** Runs under way. */
  running: number
}

export function createGenerations(deps: GenerationsDeps): Generations {
  const heldRequests = createHeldRequests(deps.pipeline.options.cacheDir)
  const state: State = { ...deps, heldRequests, wanted: new Map(), warned: new Set(), running: 0 }
  const { wanted, onChange } = state
  restoreHeldBack(wanted, heldRequests.read())
  const unsubscribe = deps.pipeline.on(event => {
    if (event.type === 'image') followImageEvent(event, state)
    // What was called off while its run was being planned: the run has it once it has begun.
    if (event.type === 'run-start') queueMicrotask(() => cancelAgain(state))
  })
  return {
    find: planned => findWanted(wanted, planned),
    underWay: image => listUnderWay(wanted, image),
    alternativesOf: id => listAlternatives(wanted, id),
    generate: (images, selection) => generate(state, images, selection),
    cancel: image => cancel(state, image),
    hold: (planned, problem) => onChange(hold(state, planned, problem).image, false),
    holdBack: (images, problem) => holdBack(state, images, problem),
    get heldForBudget() {
      return listHeldForBudget(wanted).flatMap(({ planned }) => planned ?? [])
    },
    releaseHeldForBudget() {
      for (const image of listHeldForBudget(wanted)) {
        removeWanted(wanted, image)
        onChange(image.image, false)
      }
    },
    get busy() {
      return state.running > 0
    },
    close: unsubscribe,
  }
}

/** An attempt that was made may have been billed, which its failure says. */
const UNSENT = ['queued', 'waiting']

function cancel({ wanted, pipeline }: State, id: ImageId): boolean {
  const waiting = [...listUnderWay(wanted, id), ...listAlternatives(wanted, id)].filter(
    ({ status }) => UNSENT.includes(status.state) || status.state === 'retrying',
  )
  for (const image of waiting) {
    image.isCancelled = UNSENT.includes(image.status.state)
    pipeline.cancel(image.image)
  }
  return waiting.length > 0
}

function cancelAgain({ wanted, pipeline }: State): void {
  for (const { image, isCancelled, status } of listWanted(wanted)) {
    if (isCancelled && isUnderWay(status)) pipeline.cancel(image)
  }
}

function hold({ wanted, now }: State, planned: PlannedImage, problem: string): WantedImage {
  const image = addWanted(wanted, planned, now().toISOString())
  image.status = { state: 'held', problem }
  return image
}

async function holdBack(
  state: State,
  images: readonly PlannedImage[],
  problem: string,
): Promise<() => Promise<void>> {
  const held = images.map(planned => hold(state, planned, problem))
  for (const image of held) image.isHeldBack = true
  await saveHeldBack(state)
  return async () => {
    for (const image of held) removeWanted(state.wanted, image)
    await saveHeldBack(state)
  }
}

/** On a disk that takes nothing it lasts as long as the server. */
async function saveHeldBack({ heldRequests, wanted, warn }: State): Promise<void> {
  await heldRequests.write(listHeldBack(wanted)).catch((error: Error) => {
    warn(
      `What you saved without generating is forgotten when the server restarts: ${error.message}`,
    )
  })
}

async function generate(
  state: State,
  images: readonly PlannedImage[],
  selection: Selection,
): Promise<void> {
  const { pipeline, wanted, onChange, warn, now } = state
  const idle = images.filter(planned => !isUnderWay(findWanted(wanted, planned)?.status))
  if (idle.length === 0) return
  const wereHeld = listHeldBack(wanted).length
  const started = idle.map(planned => addWanted(wanted, planned, now().toISOString()))
  if (listHeldBack(wanted).length < wereHeld) await saveHeldBack(state)
  for (const { image } of started) onChange(image, false)
  state.running++
  pipeline.originals.beginRun()
  try {
    await pipeline.generate({ ...selection, images: idle.map(({ id }) => id) })
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    // A run has told each failure as an event.
    if (!(error instanceof RunError)) refuse(state, started, error)
    else for (const { message } of error.errors) warn(message)
  } finally {
    state.running--
    for (const image of started) {
      if (isUnderWay(image.status)) removeWanted(wanted, image)
      onChange(image.image, true)
    }
  }
}

/** The run was refused as a whole: none of its images were requested. */
function refuse(
  { onChange, warn, warned }: State,
  started: readonly WantedImage[],
  error: Error,
): void {
  for (const image of started) {
    if (!isUnderWay(image.status)) continue
    image.status = refusedState(error)
    onChange(image.image, false)
  }
  if (!warned.has(error.message)) warn(error.message)
  warned.add(error.message)
}

function refusedState(error: Error): Generation['status'] {
  const { message: problem } = error
  if (error instanceof BudgetError) return { state: 'held', problem, forBudget: true }
  const isHeld = error instanceof MissingKeyError || error instanceof MissingOriginalsError
  return isHeld ? { state: 'held', problem } : failedState(error)
}

function listHeldForBudget(wanted: WantedImages): readonly WantedImage[] {
  return listWanted(wanted).filter(({ status }) => status.state === 'held' && status.forBudget)
}
