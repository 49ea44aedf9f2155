import { withoutNetwork } from '../../config/without-network.ts'
import { syncTypes, type TypesReport } from '../../pipeline/types/sync-types.ts'
import type { CommandBody } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { codeOf, messageOf } from '../output/error-output.ts'
import { count } from '../output/format.ts'
import { selectImages } from '../select-images.ts'
import type { Colors } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

/** What `imagegen sync --json` prints. */
export interface SyncDocument {
  readonly version: 1
  /** Nothing was written or removed. */
  readonly dryRun: boolean
  /** Paths relative to the project root, with slashes. */
  readonly written: readonly { readonly file: string; readonly manifest: string }[]
  readonly removed: readonly string[]
  readonly faults: readonly {
    readonly manifest: string
    readonly code: string
    readonly message: string
  }[]
  readonly summary: {
    readonly written: number
    readonly removed: number
    readonly current: number
    readonly faults: number
  }
}

interface SyncFlags {
  readonly dryRun?: boolean
}

export const syncCommand: DefineCommand = run =>
  imagesCommand(
    'sync',
    'write exact TypeScript types',
    'Writes exact types of manifests for TypeScript and editors, and nothing else. Needs no network and no API key.',
  )
    .option('--dry-run', 'show what would be written, but write nothing')
    .addHelpText(
      'after',
      examples([
        ['imagegen sync', 'types of every manifest; removes outdated ones'],
        ['imagegen sync src/site.image.yaml', 'types of one manifest'],
        ['imagegen sync && tsc --noEmit', 'in CI, before the type checker'],
      ]),
    )
    .action((args: string[], flags: SyncFlags) => run(sync, args, flags))

const sync: CommandBody<SyncFlags> = async (session, args, { dryRun = false }) => {
  const pipeline = await session.openPipeline({ adjust: withoutNetwork })
  if (pipeline.options.types === false) {
    throw new UsageError('The option `types` is false, so there are no types to write.')
  }
  const { manifests } = await selectImages(pipeline, args, session)
  const report = await syncTypes(pipeline, { dryRun, ...(manifests && { manifests }) })
  const json = describeReport(report, dryRun)
  return {
    json,
    text: renderReport(json, session.colors),
    exitCode: report.faults.length > 0 ? 1 : 0,
  }
}

function describeReport(
  { written, removed, current, faults }: TypesReport,
  dryRun: boolean,
): SyncDocument {
  return {
    version: 1,
    dryRun,
    written: written.map(({ file, manifest }) => ({ file, manifest })),
    removed,
    faults: faults.map(({ manifest, error }) => ({
      manifest,
      code: codeOf(error),
      message: messageOf(error),
    })),
    summary: {
      written: written.length,
      removed: removed.length,
      current,
      faults: faults.length,
    },
  }
}

function renderReport(
  { dryRun, written, removed, faults, summary }: SyncDocument,
  colors: Colors,
): string {
  return [
    ...written.map(({ file }) => `${colors.green('written')}  ${file}`),
    ...removed.map(file => `${colors.yellow('removed')}  ${file}`),
    ...faults.map(({ message }) => colors.red(message)),
    `${count(summary.written, 'type file')} written, ${summary.removed} removed, ${summary.current} up to date.${dryRun ? ' This was a dry run, so nothing was changed.' : ''}`,
  ].join('\n')
}
