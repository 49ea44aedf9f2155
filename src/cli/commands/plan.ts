import type { ResolvedOptions } from '../../config/options.ts'
import { sumAmounts } from '../../cost/sum-amounts.ts'
import { formatImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { EarlierVersion } from '../../pipeline/keep/earlier-versions.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { estimateCost, estimateImage } from '../../pipeline/run/estimate-cost.ts'
import { imagesToGenerate } from '../../pipeline/run/policy.ts'
import { explainState } from '../../plan/explain-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import { formatAmount } from '../../text/format-amount.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CommandBody } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { explainChanges } from '../findings/explain-change.ts'
import { offerToKeep, renderOffer } from '../findings/offer-to-keep.ts'
import { count, renderTable } from '../output/format.ts'
import type { PlanDocument, PlanDocumentImage } from '../output/plan-document.ts'
import { selectImages } from '../select-images.ts'
import type { Colors } from '../terminal.ts'

export const planCommand: DefineCommand = run =>
  imagesCommand(
    'plan',
    'show what would be bought, and why',
    'Shows what is there, what would be bought, and what changed since it was bought. Sends nothing.',
  )
    .addHelpText(
      'after',
      examples([
        ['imagegen plan', 'every manifest of the project'],
        ['imagegen plan src/site.image.yaml', 'one manifest'],
        ['imagegen plan "src/**/*.image.yaml"', 'a glob, quoted'],
        ['imagegen plan src/site.image.yaml#hero', 'one image, and what it refers to'],
        ['imagegen plan --json | jq .summary.requests', 'how many requests a build would send'],
      ]),
    )
    .action((args: string[], flags: object) => run(planImages, args, flags))

const planImages: CommandBody<object> = async (session, args) => {
  const pipeline = await session.openPipeline()
  const selection = await selectImages(pipeline, args, session)
  const plan = await pipeline.plan(selection)
  const versions = await findEarlier(pipeline, plan, selection)
  const described = describePlan(plan, versions, pipeline.options)
  const json = described.summary.requests > 0 ? await withBudget(described, pipeline) : described
  return {
    json,
    text: renderPlan(json, session.colors, args),
    exitCode:
      STUCK.some(state => json.summary[state] > 0) || plan.images.some(image => image.error)
        ? 1
        : 0,
  }
}

/** Reads the originals only when there is something to explain. */
async function findEarlier(
  pipeline: Pipeline,
  { images }: Plan,
  selection: Selection,
): Promise<readonly EarlierVersion[]> {
  const missing = images.filter(({ status }) => status.state === 'missing')
  if (missing.length === 0) return []
  const planned = new Set(images.map(({ id }) => imageKey(id)))
  const versions = await pipeline.earlierVersions(selection)
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
  const { budget, provider } = options
  const reasons = explainChanges(
    versions.map(({ image: { id }, request, earlier }) => ({
      image: { id: imageKey(id), request },
      original: earlier,
    })),
  )
  const keep = offerToKeep(plan, versions)
  const images = plan.images.map(image => describeImage(image, reasons, options))
  const wanted = imagesToGenerate(plan).filter(
    ({ status }) => status.state !== 'uncertain' || provider.retry.uncertain === 'retry',
  )
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
  const { id, image, key, status, endpoint } = planned
  const price = estimateImage(planned, options)
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
    size: image.size,
    ...(price !== undefined && { price }),
    ...(explained && { reason: explained }),
  }
}

/** The document knows what cannot be made yet, or at all, as `missing`. */
function documentedState({ state }: PlannedImage['status']): PlanDocumentImage['state'] {
  return state === 'blocked' || state === 'failed' ? 'missing' : state
}

/** States that nothing but a decision ends. */
const STUCK = ['corrupt', 'unusable', 'refused', 'newer'] as const

const STATE_COLORS = {
  ready: 'green',
  missing: 'yellow',
  uncertain: 'magenta',
  corrupt: 'red',
  unusable: 'red',
  refused: 'red',
  newer: 'red',
} as const

function renderPlan(
  { images, keep = [], summary }: PlanDocument,
  colors: Colors,
  args: readonly string[],
): string {
  if (images.length === 0) return 'No manifest has an image.'
  const table = renderTable(
    images.map(image => [
      image.state,
      formatImageId(image),
      image.endpoint,
      image.size,
      shownText(image.reason ?? ''),
    ]),
    (cell, row, column) => {
      const state = images[row]?.state ?? 'ready'
      if (column === 0) return colors[STATE_COLORS[state]](cell)
      return column === 1 ? cell : colors.dim(cell)
    },
  )
  const offers = keep.map(offer => renderOffer(offer, args))
  return [table, '', renderSummary(summary, images.length, colors), ...offers].join('\n')
}

function renderSummary(summary: PlanDocument['summary'], images: number, colors: Colors): string {
  const states = (['ready', 'missing', 'uncertain', ...STUCK] as const)
    .filter(state => summary[state] > 0)
    .map(state => `${summary[state]} ${state}`)
  const lines = [`${count(images, 'image')}: ${states.join(', ')}.`]
  if (summary.requests > 0) {
    lines.push(
      `\`imagegen generate\` sends ${count(summary.requests, 'request')}.${renderCost(summary)}`,
    )
  } else if (summary.ready === images) lines.push('Nothing is to be bought.')
  const { requests, budget, budgetUsed = 0 } = summary
  if (requests + budgetUsed > budget) {
    lines.push(
      colors.yellow(
        `That is more than the budget allows: ${budgetUsed} of ${budget} are used within 60 minutes. \`imagegen generate --budget ${requests}\` generates them all the same.`,
      ),
    )
  } else if (requests > 0) lines.push(`Budget: ${budgetUsed} of ${budget} used within 60 minutes.`)
  if (requests > 0) lines.push(...renderSpend(summary, colors))
  if (summary.uncertain > 0) {
    lines.push(
      'Uncertain images may have been billed already; `imagegen generate --retry-uncertain` asks again under the same request ID.',
    )
  }
  if (summary.unusable > 0) {
    lines.push(
      'Unusable: the API answered without a picture that can be used, and is not asked again on its own. `imagegen recover` judges the answer anew, without a request; `imagegen generate --again IMAGE` asks again.',
    )
  }
  if (summary.refused > 0) {
    lines.push(
      'Refused: the API does not make it as it is. Change the image, or ask again with `imagegen generate --again IMAGE`.',
    )
  }
  return lines.join('\n')
}

/** How the estimate stands to `budget.spend`. */
function renderSpend(summary: PlanDocument['summary'], colors: Colors): readonly string[] {
  const { spend, spendUsed = 0, cost = 0, currency = '', unpriced = 0 } = summary
  if (spend === undefined) return []
  const used = `${formatAmount(spendUsed, currency)} of ${formatAmount(spend, currency)}`
  if (unpriced > 0) {
    return [
      colors.yellow(
        `\`budget.spend\` needs the price of every picture: nothing is requested while ${unpriced === 1 ? '1 has' : `${unpriced} have`} none.`,
      ),
    ]
  }
  if (sumAmounts([spendUsed, cost]) <= spend) return [`Spend: ${used} used within 60 minutes.`]
  return [
    colors.yellow(
      `That is more than may be spent: ${used} are used within 60 minutes. \`imagegen generate --spend ${cost}\` generates them all the same.`,
    ),
  ]
}

function renderCost({ cost, currency, unpriced = 0, requests }: PlanDocument['summary']): string {
  if (cost === undefined || currency === undefined) return ''
  if (unpriced === requests) return ` ${count(unpriced, 'picture')} without a price.`
  const rest = unpriced > 0 ? `, and ${count(unpriced, 'picture')} without a price` : ''
  return ` They cost ${formatAmount(cost, currency)}${rest}.`
}
