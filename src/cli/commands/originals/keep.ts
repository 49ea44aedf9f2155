import { InvalidArgumentError } from 'commander'
import type { InternalPipeline } from '../../../pipeline/pipeline.ts'
import { REQUEST_PARTS, type RequestPart } from '../../../plan/earlier/request-change.ts'
import { suggest } from '../../../text/suggest.ts'
import type { CommandBody, CommandResult, CommandSession } from '../../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../../define-command.ts'
import {
  describeKeeping,
  describeUndoing,
  renderKeeping,
  renderUndoing,
} from '../../output/decision-document.ts'
import { selectImages } from '../../select-images.ts'
import { requireStore, showWarnings } from '../../store/transfer.ts'
import { UsageError } from '../../usage-error.ts'
import { writeTypes } from '../../write-types.ts'

interface KeepFlags {
  readonly all?: boolean
  readonly because?: readonly RequestPart[]
  readonly dryRun?: boolean
  readonly undo?: boolean
  readonly store?: boolean
}

/** A picture never stays for another revision, which asks for another one. */
const REASONS = REQUEST_PARTS.filter(part => part !== 'revision')

export const keepCommand: DefineCommand = run =>
  baseCommand(
    'keep',
    'keep pictures after a prompt or model changed',
    'Keeps existing pictures for images whose prompt, model or other request fields changed: the original of the earlier request becomes the original of the current one. Sends nothing and needs no API key.',
  )
    .argument('[images...]', 'manifests, globs, or manifest#image')
    .option('--all', 'every image whose model or prompt is the only change')
    .option(
      '--because <fields>',
      `only if nothing else changed: ${REASONS.join(', ')}, separated by commas`,
      parseReasons,
    )
    .option('--dry-run', 'show what would be kept, but write nothing')
    .option('--undo', 'undo: remove entries of kept pictures, never of generated ones')
    .option('--store', 'with --undo: in the shared store too')
    .option('--allow-empty', 'succeed when there is no manifest')
    .addHelpText(
      'after',
      examples([
        ['imagegen keep src/site.image.yaml#hero', 'one image, whatever changed in it'],
        ['imagegen keep --all --because model', 'after a change of the model'],
        ['imagegen keep --all --dry-run', 'show what would be kept'],
        ['imagegen keep --undo src/site.image.yaml#hero', 'let the picture be generated after all'],
      ]),
    )
    .action((args: string[], flags: KeepFlags) => run(keep, args, flags))

function parseReasons(text: string, earlier: readonly RequestPart[] = []): readonly RequestPart[] {
  const reasons = text.split(',').map(written => {
    const reason = REASONS.find(part => part === written.trim())
    if (reason) return reason
    throw new InvalidArgumentError(
      `It must be one of ${REASONS.join(', ')}. ${suggest(written, REASONS) ?? ''}`.trim(),
    )
  })
  return [...earlier, ...reasons]
}

const keep: CommandBody<KeepFlags> = async (session, args, flags) => {
  checkUse(args, flags)
  const { context, colors } = session
  const pipeline = await session.openPipeline()
  if (flags.store) requireStore(pipeline, 'read-write')
  const selection = await selectImages(pipeline, args, session)
  const { because, dryRun = false } = flags
  const endWarnings = showWarnings(pipeline, context)
  try {
    if (flags.undo) {
      const report = await pipeline.undo(selection, {
        kind: 'kept',
        dryRun,
        ...(flags.store && { shared: true }),
      })
      return undoResult(report, pipeline, session)
    }
    const json = describeKeeping(
      await pipeline.keep(selection, { dryRun, ...(because && { because }) }),
    )
    if (json.summary.kept > 0 && !dryRun) await writeTypes(pipeline, selection, context)
    const exitCode = json.summary.failed > 0 ? 1 : 0
    return { json, text: renderKeeping(json, colors), exitCode }
  } finally {
    endWarnings()
  }
}

/** The result of undoing, for `keep` and `adopt`. */
export function undoResult(
  report: Awaited<ReturnType<InternalPipeline['undo']>>,
  { originals }: InternalPipeline,
  { colors }: CommandSession,
): CommandResult {
  const json = describeUndoing(report, originals.shared?.label)
  return { json, text: renderUndoing(json, colors), exitCode: json.summary.failed > 0 ? 1 : 0 }
}

/** @throws UsageError */
function checkUse(args: readonly string[], { all, because, undo, store }: KeepFlags): void {
  if (args.length === 0 && !all) {
    throw new UsageError(
      'Name the images to keep, such as `imagegen keep src/site.image.yaml#hero`, or keep all: `imagegen keep --all --because model`.',
    )
  }
  if (args.length > 0 && all) {
    throw new UsageError('--all and names of images exclude each other. Use one of them.')
  }
  if (undo && because) {
    throw new UsageError('--undo and --because exclude each other. Use one of them.')
  }
  if (store && !undo) {
    throw new UsageError(
      '--store goes with --undo. Kept pictures reach the shared store automatically, or with `imagegen push`.',
    )
  }
}
