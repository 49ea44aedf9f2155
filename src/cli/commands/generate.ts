import type { Options } from '../../config/options.ts'
import type { RunReport } from '../../pipeline/events.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { RunError } from '../../pipeline/run-error.ts'
import type { CommandBody, ExitCode } from '../command-session.ts'
import {
  type DefineCommand,
  examples,
  imagesCommand,
  parseAmount,
  parseDuration,
  wholeNumber,
} from '../define-command.ts'
import { DEADLINE_PASSED, OUTCOME_UNCERTAIN } from '../exit-code.ts'
import { leaveOutFaulty } from '../leave-out-faulty.ts'
import { describeReports, type GenerateDocument } from '../output/generate-document.ts'
import { showProgress } from '../output/progress/show-progress.ts'
import { renderGenerated } from '../output/render-generated.ts'
import { selectImages } from '../select-images.ts'
import { type RunDeadline, watchDeadline } from '../stopping/run-deadline.ts'
import { UsageError } from '../usage-error.ts'
import { writeTypes } from '../write-types.ts'
import { planSelection } from './plan.ts'

interface GenerateFlags {
  readonly revision?: number
  readonly alternatives?: number
  readonly budget?: number
  readonly spend?: number
  readonly retryUncertain?: boolean
  readonly again?: boolean
  readonly deadline?: number
  readonly dryRun?: boolean
}

export const generateCommand: DefineCommand = run =>
  imagesCommand(
    'generate',
    'generate what is missing',
    'Generates the images that are missing, and nothing else. Images that are present are never requested again.',
  )
    .option(
      '--revision <n>',
      'generate this revision instead of the one in the manifest',
      wholeNumber(1),
    )
    .option(
      '--alternatives <n>',
      'generate this many alternatives of each selected image',
      wholeNumber(1),
    )
    .option(
      '--budget <n>',
      'limit of images for this run, instead of budget.images',
      wholeNumber(0),
    )
    .option('--spend <amount>', 'limit of cost for this run, instead of budget.spend', parseAmount)
    .option('--retry-uncertain', 'request images again that may have been billed already')
    .option('--dry-run', 'show what would be requested, but send nothing')
    .option('--again', 'request the named images again after an unusable answer')
    .option(
      '--deadline <duration>',
      'stop requesting in time to end within 90s, 45m or 2h, and exit with 4',
      parseDuration,
    )
    .addHelpText(
      'after',
      examples([
        ['imagegen generate', 'every missing image'],
        ['imagegen generate src/site.image.yaml#hero', 'one image and its references'],
        ['imagegen generate src/site.image.yaml#hero --alternatives 3', 'three alternatives'],
        [
          'imagegen generate src/site.image.yaml#hero --revision 2',
          'another picture of the same prompt',
        ],
        ['imagegen generate --budget 5', 'at most five images, whatever budget.images says'],
        ['imagegen generate --spend 2.50', 'at most this cost, whatever budget.spend says'],
        [
          'imagegen generate --again src/site.image.yaml#hero',
          'request it again after an unusable answer',
        ],
      ]),
    )
    .action((args: string[], flags: GenerateFlags) => run(generateImages, args, flags))

const generateImages: CommandBody<GenerateFlags> = async (session, args, flags) => {
  if (flags.revision !== undefined && flags.alternatives !== undefined) {
    throw new UsageError('--revision and --alternatives exclude each other. Use one of them.')
  }
  if (flags.again && args.length === 0) {
    throw new UsageError(
      '--again needs the images to request again. For example: `imagegen generate --again src/site.image.yaml#hero`.',
    )
  }
  const pipeline = await session.openPipeline({ options: overridesOf(flags) })
  const given = await selectImages(pipeline, args, session)
  const readable = await leaveOutFaulty(pipeline, given, session.errors)
  const { selection: selected, faults } = readable
  const wanted = await withFlags(pipeline, selected, flags)
  if (flags.dryRun) return planSelection(session, pipeline, { selection: wanted, faults, args })
  const reports: RunReport[] = []
  const unsubscribe = pipeline.on(event => {
    if (event.type === 'run-end') reports.push(event.report)
  })
  const endProgress = await showProgress(pipeline, session)
  const deadline =
    flags.deadline === undefined
      ? undefined
      : watchDeadline(pipeline, flags.deadline, session.context)
  try {
    await pipeline.generate(wanted).catch(expectReport)
  } finally {
    deadline?.forget()
    endProgress()
    unsubscribe()
  }
  await writeTypes(pipeline, selected, session.context)
  const json = describeReports(reports, faults)
  return {
    json,
    text: renderGenerated(json, reports, {
      colors: session.colors,
      mode: pipeline.options.mode,
      verbose: session.flags.verbose,
    }),
    exitCode: exitCodeFor(json, deadline) || (faults.length > 0 ? 1 : 0),
  }
}

/** What may have been billed outweighs what was left out, and that outweighs other failures. */
function exitCodeFor({ summary }: GenerateDocument, deadline: RunDeadline | undefined): ExitCode {
  if (summary.failed === 0) return 0
  if (summary.uncertain > 0) return OUTCOME_UNCERTAIN
  return deadline?.hasPassed() ? DEADLINE_PASSED : 1
}

/** The report tells failures of single images; only a run that could not start is an error. */
function expectReport(error: unknown): void {
  if (!(error instanceof RunError)) throw error
}

function overridesOf({ retryUncertain }: GenerateFlags): Options {
  return retryUncertain ? { provider: { retry: { uncertain: 'retry' } } } : {}
}

/** A selection with the flags applied. */
async function withFlags(
  pipeline: Pipeline,
  selection: Selection,
  { revision, alternatives, budget, spend, again }: GenerateFlags,
): Promise<Selection> {
  const limited = {
    ...selection,
    ...(again && { again }),
    ...(budget !== undefined && { budget }),
    ...(spend !== undefined && { spend }),
  }
  if (revision !== undefined) return { ...limited, revision }
  if (alternatives === undefined) return limited
  return { ...limited, images: await pipeline.alternatives(selection, alternatives) }
}
