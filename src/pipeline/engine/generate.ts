import path from 'node:path'
import type { RunBudget } from '../../budget/run-budget.ts'
import { costOf } from '../../cost/cost-of.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { Original, PictureFacts } from '../../originals/original.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import type { SentPictures } from '../../plan/prepare-request.ts'
import type { RunReport } from '../events.ts'
import { checkOtherCaches } from '../project/other-caches.ts'
import type { Selection } from '../project/selection.ts'
import { refuseOtherSize, sizeProblem, sizeWarning } from '../run/check-size.ts'
import { describeFailures } from '../run/describe-failures.ts'
import { pricedRequest } from '../run/estimate-cost.ts'
import { asksAgain, checkPolicy, imagesToGenerate, planBudget, requestName } from '../run/policy.ts'
import { type RunDeps, type RunResult, runPlan } from '../run/run-plan.ts'
import { RunError } from '../run-error.ts'
import type { PipelineState } from './pipeline-state.ts'
import type { ProjectReading } from './reading.ts'

/**
 * Makes sure that what a selection names is there, and requests what is missing.
 * @throws MissingOriginalsError, MissingKeyError, BudgetError, TwoCachesError before the first request
 * @throws RunError when images failed
 */
export async function generate(
  state: PipelineState,
  selection: Selection,
  reading: ProjectReading,
): Promise<RunResult> {
  if (state.runs === 0) state.originals.beginRun()
  state.runs += 1
  try {
    await commitEarlierAnswers(state)
    const plan = await planRun(state, selection, reading)
    return await runWithinBudget(state, { plan, selection, reading })
  } finally {
    state.runs -= 1
  }
}

/** Commits what an earlier run received, before anything else is done about its keys. */
export async function commitEarlierAnswers({
  originals,
  events,
  abort,
}: PipelineState): Promise<void> {
  const { committed } = await originals.recover(abort.signal)
  if (committed.length === 0) return
  const pictures = committed.length === 1 ? '1 picture' : `${committed.length} pictures`
  events.emit({
    type: 'warning',
    message: `An earlier run was interrupted. ${pictures} that it had received are kept now.`,
  })
}

/** The plan of a run that may go ahead, but for its budget. */
async function planRun(
  { options, sight, access }: PipelineState,
  selection: Selection,
  { manifests, planner }: ProjectReading,
): Promise<Plan> {
  const complete = await planner.plan(await manifests.select(selection))
  const plan = options.mode === 'draft' ? readyImages(complete) : complete
  const lacking = imagesToGenerate(plan).map(({ id }) => path.join(options.root, id.manifest))
  if (sight && lacking.length > 0) await checkOtherCaches(options, sight, lacking)
  checkPolicy(plan, options, access.hasKey)
  return plan
}

function readyImages(plan: Plan): Plan {
  return { images: plan.images.filter(({ status }) => status.state === 'ready') }
}

/** A run that may go ahead. */
interface PlannedRun {
  readonly plan: Plan
  readonly selection: Selection
  readonly reading: ProjectReading
}

async function runWithinBudget(state: PipelineState, run: PlannedRun): Promise<RunResult> {
  const { options, stopping, events } = state
  const { plan, reading, selection } = run
  const wanted = planBudget(plan, options, selection)
  const budget = wanted && (await state.budget.reserve(wanted, stopping.signal))
  try {
    const toGenerate = imagesToGenerate(plan).length
    events.emit({ type: 'run-start', images: plan.images.length, toGenerate })
    const result = await runPlan(plan, reading.known, runDeps(state, run, budget))
    events.emit({ type: 'run-end', report: result.report })
    failWhenIncomplete(result.report)
    return result
  } finally {
    await budget?.release()
  }
}

function runDeps(
  state: PipelineState,
  { selection, reading }: PlannedRun,
  budget: RunBudget | undefined,
): RunDeps {
  const { options, originals, events, abort, references, cancellations } = state
  return {
    options,
    originals,
    toPng: references.toPng,
    planner: reading.planner,
    emit: events.emit,
    cancellations,
    signal: abort.signal,
    allowance: image =>
      budget?.allowance(requestName(image, options.root), formatImageId(image.id), facts =>
        costOf(pricedRequest(image.image, options), facts, options.budget.prices),
      ),
    ...(selection.uncertain && { uncertain: selection.uncertain }),
    again: asksAgain(selection, options.root),
    proveReferences: ({ id }, pictures) => proveSent(formatImageId(id), pictures),
    checkOriginal: (image, original) => checkSize(image, original, state),
  }
}

async function proveSent(subject: string, { references, mask }: SentPictures): Promise<void> {
  if (references.length === 0) return
  const { proveReference } = await import('../../renditions/encode/prove-picture.ts')
  const facts: PictureFacts[] = []
  for (const picture of references) facts.push(await proveReference(picture, subject))
  const [first] = facts
  if (!mask || !first) return
  const { proveMask } = await import('../../renditions/encode/prove-mask.ts')
  await proveMask(mask, first, subject)
}

function checkSize(
  { id, image }: PlannedImage,
  { entry }: Original,
  { options, events }: PipelineState,
): void {
  if (options.onSizeMismatch === 'ignore') return
  if (options.onSizeMismatch === 'error') refuseOtherSize(image, entry)
  const problem = sizeProblem(image, entry)
  if (problem) events.emit({ type: 'warning', message: sizeWarning(problem), image: id })
}

/** @throws RunError that tells every failure */
function failWhenIncomplete(report: RunReport): void {
  const message = describeFailures(report.images)
  if (message !== undefined) throw new RunError(message, report)
}
