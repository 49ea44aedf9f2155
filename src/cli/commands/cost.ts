import { Option } from 'commander'
import type { AttemptCost } from '../../cost/attempt-costs.ts'
import { sumAttempts, sumAttemptsBy } from '../../cost/sum-attempts.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { CommandBody } from '../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../define-command.ts'
import { findManifestOfAttempts } from '../findings/manifest-of-attempt.ts'
import { type CostDocument, type CostGrouping, renderCosts } from '../output/cost-document.ts'
import { showWarnings } from '../store/transfer.ts'

interface CostFlags {
  readonly by: CostGrouping
}

export const costCommand: DefineCommand = run =>
  baseCommand(
    'cost',
    'show what the pictures of this cache cost',
    'Adds up the cost of every request for this cache, from its entries and from the journal of this machine. A kept or adopted picture adds no cost. Sends nothing.',
  )
    .addOption(
      new Option('--by <what>', 'group rows by this')
        .choices(['manifest', 'model', 'month'])
        .default('manifest'),
    )
    .addHelpText(
      'after',
      examples([
        ['imagegen cost', 'one row per manifest'],
        ['imagegen cost --by month', 'one row per month, in UTC'],
        ['imagegen cost --json | jq .total.spent', 'only the total'],
      ]),
    )
    .action((flags: CostFlags) => run(addCostsUp, [], flags))

const addCostsUp: CommandBody<CostFlags> = async (session, _, { by }) => {
  const pipeline = await session.openPipeline()
  const endWarnings = showWarnings(pipeline, session.context)
  const attempts = await pipeline.costs()
  const rows = sumAttemptsBy(attempts, await nameBy(by, pipeline))
  endWarnings()
  const json: CostDocument = {
    version: 1,
    by,
    currency: pipeline.options.budget.currency,
    rows: [...rows].map(([name, sum]) => ({ name: name ?? null, ...sum })),
    total: sumAttempts(attempts),
  }
  return { json, text: renderCosts(json, session.colors), exitCode: 0 }
}

async function nameBy(
  by: CostGrouping,
  pipeline: Pipeline,
): Promise<(attempt: AttemptCost) => string | undefined> {
  switch (by) {
    case 'manifest':
      return findManifestOfAttempts(pipeline)
    case 'model':
      return ({ request }) => request.model
    case 'month':
      return ({ time }) => time.slice(0, 7)
  }
}
