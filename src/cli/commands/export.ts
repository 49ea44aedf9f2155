import path from 'node:path'
import { runExport } from '../../export/export-images.ts'
import type { ExportOptions, ExportReport } from '../../export/target/export-options.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CommandBody, CommandSession } from '../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../define-command.ts'
import { followExport } from '../follow-export.ts'
import { count } from '../output/format.ts'
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
  const options = await optionsOf(pipeline, args, flags, session)
  const warn = (message: string): void =>
    void context.stderr.write(`warning: ${shownText(message)}\n`)
  const endProgress = await showProgress(pipeline, session)
  const exporting = flags.watch
    ? followExport(pipeline, options, { context, errors: session.errors, warn })
    : runExport(pipeline, options, { warn })
  const report = await exporting.finally(endProgress)
  for (const warning of report.warnings) warn(warning)
  const json = describeExport(report)
  return { json, text: renderExport(json, colors), exitCode: 0 }
}

/** Paths of flags are relative to the working directory, as a shell completes them. */
async function optionsOf(
  pipeline: Pipeline,
  args: readonly string[],
  { out, module, data, publicPath, html }: ExportFlags,
  session: CommandSession,
): Promise<ExportOptions> {
  const named = args.find(text => /\.ya?ml#/.test(text))
  if (named !== undefined) {
    throw new UsageError(
      `"${named}" names one image, but an export takes whole manifests. Write ${named.slice(0, named.lastIndexOf('#'))}.`,
    )
  }
  const { manifests, images } = await selectImages(pipeline, args, session)
  if (images) {
    throw new UsageError(
      `An export takes whole manifests, but ${args.join(', ')} names an image. Write the manifest.`,
    )
  }
  const absolute = (file: string): string => path.resolve(session.context.cwd, file)
  return {
    out: absolute(out),
    ...(publicPath !== undefined && { publicPath }),
    ...(module !== undefined && { module: absolute(module) }),
    ...(data !== undefined && { data: absolute(data) }),
    ...(html && { html }),
    ...(manifests && { manifests }),
  }
}

function describeExport({
  images,
  written,
  unchanged,
  removed,
  left,
}: ExportReport): ExportDocument {
  return {
    version: 1,
    written,
    removed,
    left,
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
