import { describeRunCost } from '../../cost/describe-run-cost.ts'
import type { CostSum } from '../../cost/sum-attempts.ts'
import { formatAmount } from '../../text/format-amount.ts'
import { shownText } from '../../text/shown-text.ts'
import type { Colors } from '../terminal.ts'
import { renderTable } from './format.ts'

/** What the rows of `imagegen cost` stand for. */
export type CostGrouping = 'manifest' | 'model' | 'month'

/** What `imagegen cost --json` prints. */
export interface CostDocument {
  readonly version: 1
  readonly by: CostGrouping
  /** Of every amount: ISO 4217. */
  readonly currency: string
  readonly rows: readonly (CostSum & {
    /** Manifest, model, or month as `2026-11` (UTC); null: of no manifest of the project. */
    readonly name: string | null
  })[]
  readonly total: CostSum
}

const HEAD = ['asked', 'answered', 'kept', 'discarded', 'cost'] as const

/** For people. */
export function renderCosts({ by, currency, rows, total }: CostDocument, colors: Colors): string {
  if (total.asked === 0) return `Nothing was requested for this cache. ${KNOWN_HERE}`
  const lines = rows.map(row => renderRow(row.name ?? `(no ${by})`, row, currency))
  const table = renderTable(
    [[by, ...HEAD], ...lines, renderRow('total', total, currency)],
    (cell, row) => (row === 0 ? colors.dim(cell) : cell),
  )
  return [table, '', ...renderTotal(total, currency)].join('\n')
}

function renderRow(name: string, sum: CostSum, currency: string): readonly string[] {
  const { asked, answered, kept, discarded, spent, unpriced } = sum
  const isKnown = answered > unpriced
  return [
    shownText(name),
    ...[asked, answered, kept, discarded].map(String),
    isKnown ? formatAmount(spent, currency) : '',
  ]
}

/** An attempt at a picture that never came is in the journal of its machine, and nowhere else. */
const KNOWN_HERE = 'Failed attempts are known only to the machine that made them.'

function renderTotal(
  { answered, spent, doubtful, unpriced, possiblyWasted }: CostSum,
  currency: string,
): readonly string[] {
  const lines: string[] = []
  const isKnown = answered > unpriced || possiblyWasted > 0
  if (isKnown) lines.push(describeRunCost({ spent, possiblyWasted, unpriced: 0, currency }))
  if (doubtful > 0) {
    const attempts = doubtful === 1 ? '1 request' : `${doubtful} requests`
    lines.push(`${attempts} may have been billed without an answer.`)
  }
  if (unpriced > 0) {
    const answers = unpriced === 1 ? '1 answer has' : `${unpriced} answers have`
    lines.push(`${answers} no known cost, because \`budget.prices\` has no price for them.`)
  }
  return [...lines, KNOWN_HERE]
}
