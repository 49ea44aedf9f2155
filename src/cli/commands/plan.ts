import type { ResolvedOptions } from '../../config/options.ts'
import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { EarlierVersion } from '../../pipeline/keep/earlier-versions.ts'
import type { InternalPipeline, Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { estimateCost, estimateImage } from '../../pipeline/run/estimate-cost.ts'
import { imagesToRequest } from '../../pipeline/run/policy.ts'
import { explainState } from '../../plan/explain-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import { projectPath } from '../../system/project-path.ts'
import type { CommandBody, CommandResult, CommandSession } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { explainChanges } from '../findings/explain-change.ts'
import { explainPrices } from '../findings/explain-prices.ts'
import { offerToKeep, renderOffer } from '../findings/offer-to-keep.ts'
import { leaveOutFaulty, type ReadableSelection } from '../leave-out-faulty.ts'
import type { PlanDocument, PlanDocumentImage } from '../output/plan-document.ts'
import { renderPlan, STUCK_STATES } from '../output/render-plan.ts'
import { selectImages } from '../select-images.ts'

export const planCommand: DefineCommand = run =>
  imagesCommand(
    'plan',
    'show what would be generated, and why',
    'Shows which images are present, which would be generated, and what changed since. Sends nothing.',
  )
    .addHelpText(
      'after',
      examples([
        ['imagegen plan', 'every manifest of the project'],
        ['imagegen plan src/site.image.yaml', 'one manifest'],
        ['imagegen plan "src/**/*.image.yaml"', 'a glob, quoted'],
        ['imagegen plan src/site.image.yaml#hero', 'one image and its references'],
        [
          'imagegen plan --json | jq .summary.requests',
          'the number of requests that a build would send',
        ],
      ]),
    )
    .action((args: string[], flags: object) => run(planImages, args, flags))

const planImages: CommandBody<object> = async (session, args) => {
  const pipeline = await session.openPipeline()
  const selected = await selectImages(pipeline, args, session)
  const readable = await leaveOutFaulty(pipeline, selected, session.errors)
  return planSelection(session, pipeline, { ...readable, args })
}

/** What to plan, and what the command was given. */
interface Planned extends ReadableSelection {
  readonly args: readonly string[]
}

/** The plan of a selection, as `plan` and `generate --dry-run` show it. */
export async function planSelection(
  session: CommandSession,
  pipeline: InternalPipeline,
  { selection, faults, args }: Planned,
): Promise<CommandResult> {
  const plan = await pipeline.plan(selection)
  // Finding earlier versions reads every manifest of the project.
  const versions = faults.length > 0 ? [] : await findEarlier(pipeline, plan, selection)
  const described = {
    ...describePlan(plan, versions, pipeline.options),
    ...(faults.length > 0 && { faults: [...faults] }),
  }
  const json = described.summary.requests > 0 ? await withBudget(described, pipeline) : described
  const refusal = json.summary.requests > 0 ? pipeline.refusal() : undefined
  const prices = explainPrices(imagesToRequest(plan, pipeline.options), pipeline.options)
  const offers = (json.keep ?? []).map(offer => renderOffer(offer, args))
  return {
    json,
    text: renderPlan(json, {
      colors: session.colors,
      offers: [
        ...(prices === undefined ? [] : [prices]),
        ...(refusal === undefined ? [] : [session.colors.yellow(refusal)]),
        ...offers,
      ],
      columns: session.context.stdout.columns,
    }),
    exitCode:
      faults.length > 0 ||
      STUCK_STATES.some(state => json.summary[state] > 0) ||
      plan.images.some(image => image.error)
        ? 1
        : 0,
  }
}

/** Reads the originals only when there is something to explain. */
async function findEarlier(
  pipeline: Pipeline,
  plan: Plan,
  selection: Selection,
): Promise<readonly EarlierVersion[]> {
  const { images } = plan
  const missing = images.filter(({ status }) => status.state === 'missing')
  if (missing.length === 0) return []
  const planned = new Set(images.map(({ id }) => imageKey(id)))
  const isWhole = selection.manifests === undefined && selection.images === undefined
  const versions = await pipeline.earlierVersions(selection, isWhole ? plan : undefined)
  return versions.filter(({ image: { id } }) => planned.has(imageKey(id)))
}

async function withBudget(document: PlanDocument, pipeline: Pipeline): Promise<PlanDocument> {
  const { used: budgetUsed, spend } = await pipeline.budget()
  const spendUsed = spend && { spendUsed: spend.used }
  return { ...document, summary: { ...document.summary, budgetUsed, ...spendUsed } }
}

/** The plan as the documented object. Pure. */
export function describePlan(
  plan: Plan,
  versions: readonly EarlierVersion[],
  options: ResolvedOptions,
): PlanDocument {
  const { budget } = options
  const reasons = explainChanges(
    versions.map(({ image: { id }, request, earlier }) => ({
      image: { id: imageKey(id), request },
      original: earlier,
    })),
  )
  const keep = offerToKeep(plan, versions)
  const images = plan.images.map(image => describeImage(image, reasons, options))
  const wanted = imagesToRequest(plan, options)
  const estimate = estimateCost(wanted, options)
  const inState = (state: string) => images.filter(image => image.state === state).length
  return {
    version: 1,
    images,
    ...(keep.length > 0 && { keep }),
    summary: {
      ready: inState('ready'),
      missing: inState('missing'),
      uncertain: inState('uncertain'),
      corrupt: inState('corrupt'),
      unusable: inState('unusable'),
      refused: inState('refused'),
      newer: inState('newer'),
      requests: wanted.length,
      budget: budget.images,
      ...(budget.spend !== undefined && { spend: budget.spend }),
      ...(estimate && { cost: estimate.amount, unpriced: estimate.unpriced }),
      ...((estimate || budget.spend !== undefined) && { currency: budget.currency }),
    },
  }
}

function describeImage(
  planned: PlannedImage,
  reasons: ReadonlyMap<ImageKey, string>,
  options: ResolvedOptions,
): PlanDocumentImage {
  const { id, image, key, status, endpoint, source } = planned
  const price = image.source ? undefined : estimateImage(planned, options)
  const change = status.state === 'missing' ? reasons.get(imageKey(id)) : undefined
  const explained = [explainState(status), change].filter(Boolean).join(' ')
  return {
    manifest: id.manifest,
    name: id.name,
    ...(id.revision !== undefined && { revision: id.revision }),
    key: key ?? null,
    state: documentedState(status),
    ...(status.state === 'ready' && { where: status.where }),
    endpoint,
    ...(image.source && { source: projectPath(options.root, image.source.path) }),
    size: source ? `${source.width}x${source.height}` : image.size,
    ...(price !== undefined && { price }),
    ...(explained && { reason: explained }),
  }
}

/** The document knows what cannot be made yet, or at all, as `missing`. */
function documentedState({ state }: PlannedImage['status']): PlanDocumentImage['state'] {
  return state === 'blocked' || state === 'failed' ? 'missing' : state
}
