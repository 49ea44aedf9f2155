import { sumAmounts } from '../../cost/sum-amounts.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { formatAmount } from '../../text/format-amount.ts'
import { shownText } from '../../text/shown-text.ts'
import type { Colors } from '../terminal.ts'
import { count, renderTable } from './format.ts'
import type { PlanDocument } from './plan-document.ts'

/** States that nothing but a decision ends. */
export const STUCK_STATES = ['corrupt', 'unusable', 'refused', 'newer'] as const

const STATE_COLORS = {
  ready: 'green',
  missing: 'yellow',
  uncertain: 'magenta',
  corrupt: 'red',
  unusable: 'red',
  refused: 'red',
  newer: 'red',
} as const

interface RenderPlanOptions {
  readonly colors: Colors
  /** Lines about what else can be done. */
  readonly offers: readonly string[]
  /** Of the terminal. */
  readonly columns?: number | undefined
}

/** For people. */
export function renderPlan(
  { images, summary }: PlanDocument,
  { colors, offers, columns }: RenderPlanOptions,
): string {
  if (images.length === 0) return 'The manifests have no images.'
  const table = renderTable(
    images.map(image => [
      image.state,
      formatImageId(image),
      image.source === undefined ? image.endpoint : 'source',
      image.size,
      shownText(image.reason ?? ''),
    ]),
    (cell, row, column) => {
      const state = images[row]?.state ?? 'ready'
      if (column === 0) return colors[STATE_COLORS[state]](cell)
      return column === 1 ? cell : colors.dim(cell)
    },
    columns,
  )
  return [table, '', renderSummary(summary, images.length, colors), ...offers].join('\n')
}

function renderSummary(summary: PlanDocument['summary'], images: number, colors: Colors): string {
  const states = (['ready', 'missing', 'uncertain', ...STUCK_STATES] as const)
    .filter(state => summary[state] > 0)
    .map(state => `${summary[state]} ${state}`)
  const lines = [`${count(images, 'image')}: ${states.join(', ')}.`]
  if (summary.requests > 0) {
    lines.push(
      `\`imagegen generate\` sends ${count(summary.requests, 'request')}.${renderCost(summary)}`,
    )
  } else if (summary.ready === images) lines.push('Nothing to generate.')
  const { requests, budget, budgetUsed = 0 } = summary
  if (requests + budgetUsed > budget) {
    lines.push(
      colors.yellow(
        `That is more than the budget allows: ${budgetUsed} of ${budget} are used within 60 minutes. To generate them anyway, run \`imagegen generate --budget ${requests}\`.`,
      ),
    )
  } else if (requests > 0) lines.push(`Budget: ${budgetUsed} of ${budget} used within 60 minutes.`)
  if (requests > 0) lines.push(...renderSpend(summary, colors))
  if (summary.uncertain > 0) {
    lines.push(
      'Uncertain images may have been billed already. To request them again under the same request ID, run `imagegen generate --retry-uncertain`.',
    )
  }
  if (summary.unusable > 0) {
    lines.push(
      'Unusable: the API answered without a usable picture, and no new request is sent automatically. `imagegen recover` checks the answer again, without a request; `imagegen generate --again IMAGE` sends a new request.',
    )
  }
  if (summary.refused > 0) {
    lines.push(
      'Refused: the API does not accept this request. Change the image, or request it again with `imagegen generate --again IMAGE`.',
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
        `\`budget.spend\` needs the price of every picture. Nothing is requested while ${unpriced === 1 ? '1 has' : `${unpriced} have`} none.`,
      ),
    ]
  }
  if (sumAmounts([spendUsed, cost]) <= spend) return [`Spend: ${used} used within 60 minutes.`]
  return [
    colors.yellow(
      `That is more than may be spent: ${used} are used within 60 minutes. To generate them anyway, run \`imagegen generate --spend ${cost}\`.`,
    ),
  ]
}

function renderCost({ cost, currency, unpriced = 0, requests }: PlanDocument['summary']): string {
  if (cost === undefined || currency === undefined) return ''
  if (unpriced === requests)
    return requests === 1 ? ' Its price is unknown.' : ' Their prices are unknown.'
  const rest = unpriced > 0 ? `, and ${count(unpriced, 'picture')} without a price` : ''
  return ` They cost ${formatAmount(cost, currency)}${rest}.`
}
