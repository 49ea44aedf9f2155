import path from 'node:path'
import { runExport } from '../../export/export-images.ts'
import type { ExportOptions, ExportReport } from '../../export/target/export-options.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { RunError } from '../../pipeline/run-error.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CommandBody, CommandSession } from '../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../define-command.ts'
import { followExport } from '../follow-export.ts'
import { leaveOutFaulty } from '../leave-out-faulty.ts'
import { codeOf, messageOf } from '../output/error-output.ts'
import { count } from '../output/format.ts'
import type { Problem } from '../output/problem.ts'
import { showProgress } from '../output/progress/show-progress.ts'
import { selectImages } from '../select-images.ts'
import type { Colors } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

interface ExportFlags {
  readonly out: string
  readonly publicPath?: string
  readonly module?: string
  readonly data?: string
  readonly html?: boolean
  readonly watch?: boolean
}

/** What `imagegen export --json` prints. Paths are relative to the project root, with slashes. */
export interface ExportDocument {
  readonly version: 1
  readonly written: readonly string[]
  readonly removed: readonly string[]
  /** Files of an earlier export that were not removed, and why. */
  readonly left: readonly { readonly file: string; readonly reason: 'changed' | 'in use' }[]
  /** Why manifests were left out. Only if any were; the command then ends with 1. */
  readonly faults?: readonly Problem[]
  readonly summary: {
    readonly images: number
    readonly written: number
    readonly unchanged: number
    readonly removed: number
  }
}

export const exportCommand: DefineCommand = run =>
  baseCommand(
    'export',
    'write pictures as files, for sites without a bundler',
    'Writes the pictures of manifests into a folder, and a module or JSON of their images. Generates what is missing, as a build does. Removes only what an earlier export wrote. Without --module, --data and --html it writes the files with names of their own (`output.file`, `output.files`).',
  )
    .argument('[manifests...]', 'manifests or globs (default: every manifest)')
    .option('--allow-empty', 'finding no manifest is fine, not wrong use')
    .requiredOption('--out <dir>', 'folder for the pictures; other files in it are left alone')
    .option('--public-path <path>', 'how pages name that folder: /img/, https://cdn.example.com/')
    .option('--module <file>', 'module to write: .ts (with exact types), .mts, .js or .mjs')
    .option('--data <file>', 'JSON file to write, in place of a module')
    .option('--html', 'write an HTML file for each image, with its <picture>')
    .option('--watch', 'show drafts first and pictures as they come, and follow the manifests')
    .addHelpText(
      'after',
      examples([
        [
          'imagegen export --out public/img --public-path /img/ --module src/images.ts',
          'pictures, and a module of their images',
        ],
        [
          'imagegen export --out static/img --public-path /img/ --data data/images.json',
          'JSON for Hugo, Eleventy, Rails …',
        ],
        ['imagegen export --out _site/img --public-path /img/ --html --watch', 'while you work'],
        ['imagegen export --out public', 'icons and cards under their own names, beside Next.js'],
      ]),
    )
    .action((args: string[], flags: ExportFlags) => run(exportFiles, args, flags))

const exportFiles: CommandBody<ExportFlags> = async (session, args, flags) => {
  const { context, colors } = session
  const pipeline = await session.openPipeline()
  const { options, faults } = await optionsOf(pipeline, args, flags, session)
  const left: Problem[] = [...faults]
  const warn = (message: string): void =>
    void context.stderr.write(`warning: ${shownText(message)}\n`)
  const endProgress = await showProgress(pipeline, session)
  const exporting = flags.watch
    ? followExport(pipeline, options, { context, errors: session.errors, warn })
    : runExport(pipeline, options, {
        warn,
        isPartial: faults.length > 0,
        onFault(error) {
          session.errors.write(`error ${messageOf(error)}\n`)
          left.push(...problemsOfRun(error))
        },
      })
  const report = await exporting.finally(endProgress)
  for (const warning of report.warnings) warn(warning)
  const json = describeExport(report, left)
  return { json, text: renderExport(json, colors), exitCode: left.length > 0 ? 1 : 0 }
}

/** Where manifests with faults are left out, why. */
interface CommandOptions {
  readonly options: ExportOptions
  readonly faults: readonly Problem[]
}

/** Paths of flags are relative to the working directory, as a shell completes them. */
async function optionsOf(
  pipeline: Pipeline,
  args: readonly string[],
  { out, module, data, publicPath, html, watch }: ExportFlags,
  session: CommandSession,
): Promise<CommandOptions> {
  const named = args.find(text => /\.ya?ml#/.test(text))
  if (named !== undefined) {
    throw new UsageError(
      `"${named}" names one image, but an export takes whole manifests. Write ${named.slice(0, named.lastIndexOf('#'))}.`,
    )
  }
  const selected = await selectImages(pipeline, args, session)
  if (selected.images) {
    throw new UsageError(
      `An export takes whole manifests, but ${args.join(', ')} names an image. Write the manifest.`,
    )
  }
  // While it follows them, manifests are mended.
  const { selection, faults } = watch
    ? { selection: selected, faults: [] }
    : await leaveOutFaulty(pipeline, selected, session.errors)
  const { manifests } = selection
  const absolute = (file: string): string => path.resolve(session.context.cwd, file)
  const options = {
    out: absolute(out),
    ...(publicPath !== undefined && { publicPath }),
    ...(module !== undefined && { module: absolute(module) }),
    ...(data !== undefined && { data: absolute(data) }),
    ...(html && { html }),
    ...(manifests && { manifests }),
  }
  return { options, faults }
}

/** Messages have their places within. */
function problemsOfRun({ report: { images } }: RunError): readonly Problem[] {
  return images.flatMap(({ image: { manifest, name }, error }) =>
    error
      ? [
          {
            ...{ file: manifest, line: 1, column: 1, image: name },
            ...{ code: codeOf(error), message: messageOf(error) },
          },
        ]
      : [],
  )
}

function describeExport(
  { images, written, unchanged, removed, left }: ExportReport,
  faults: readonly Problem[],
): ExportDocument {
  return {
    version: 1,
    written,
    removed,
    left,
    ...(faults.length > 0 && { faults }),
    summary: { images, written: written.length, unchanged, removed: removed.length },
  }
}

const REASONS = {
  changed: 'it is no longer what was exported',
  'in use': 'another program has it open; the next export tries again',
}

function renderExport({ written, removed, left, summary }: ExportDocument, colors: Colors): string {
  return [
    ...written.map(file => `${colors.green('written')}  ${file}`),
    ...removed.map(file => `${colors.yellow('removed')}  ${file}`),
    ...left.map(({ file, reason }) => `${colors.yellow('left')}     ${file}: ${REASONS[reason]}`),
    `${count(summary.images, 'image')} exported: ${count(summary.written, 'file')} written, ${summary.unchanged} already right, ${summary.removed} removed.`,
  ].join('\n')
}
