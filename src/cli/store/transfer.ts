import pLimit from 'p-limit'
import type { SharedOriginals } from '../../originals/store/shared/shared-originals.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CliContext, CommandResult } from '../command-session.ts'
import { codeOf, messageOf } from '../output/error-output.ts'
import { count } from '../output/format.ts'
import type { Problem } from '../output/problem.ts'
import type { Colors } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

/** Pictures on their way at once. */
const AT_ONCE = 4

/** One original that is to be copied. */
export interface Transfer {
  /** `manifest#image`; the key's beginning where no image is known. */
  readonly label: string
  copy(): Promise<Transferred>
}

export interface Transferred {
  /**
   * `different`: the store has another picture of the same request, which stays. `missing`: there is
   * nothing to copy.
   */
  readonly outcome: 'copied' | 'present' | 'different' | 'missing'
  /** Bytes of the original. */
  readonly bytes?: number
}

/** What `imagegen push --json` and `imagegen pull --json` print. */
export interface TransferDocument {
  readonly version: 1
  /** `s3://bucket/prefix`, or the other cache directory. */
  readonly store: string
  /** True with `--dry-run`: `copied` is what would be. */
  readonly dryRun: boolean
  /** Faults of manifests that were left out. Only if there are any; the command then ends with 1. */
  readonly faults?: readonly Problem[]
  readonly originals: readonly {
    readonly original: string
    readonly outcome: Transferred['outcome'] | 'failed'
    readonly bytes?: number
    readonly error?: { readonly code: string; readonly message: string }
  }[]
  readonly summary: Readonly<Record<Transferred['outcome'] | 'failed' | 'bytes', number>>
}

type Result = TransferDocument['originals'][number]

/** @throws UsageError when no store is configured, or it is read-only and must not be */
export function requireStore(
  { originals }: InternalPipeline,
  access: 'read-only' | 'read-write',
): SharedOriginals {
  const { shared } = originals
  if (!shared) {
    throw new UsageError(
      'No shared store is configured. Set `store` in the configuration, or IMAGEGEN_STORE=s3://bucket/prefix.',
    )
  }
  if (access === 'read-write' && shared.access === 'read-only') {
    throw new UsageError(
      `${shared.label} is read-only here, so nothing can be written. Run this where \`store.access\` is "read-write".`,
    )
  }
  return shared
}

/**
 * Copies originals, a few at a time, with a line on stderr for each; failures of some leave the others
 * alone. A dry run is told in the result alone.
 */
export async function transfer(
  transfers: readonly Transfer[],
  { stderr }: CliContext,
  dryRun: boolean,
): Promise<readonly Result[]> {
  const limit = pLimit(AT_ONCE)
  let done = 0
  const run = async ({ label, copy }: Transfer): Promise<Result> => {
    const result = await copy().then(
      copied => ({ original: label, ...copied }),
      error => ({
        original: label,
        outcome: 'failed' as const,
        error: { code: codeOf(error), message: messageOf(error) },
      }),
    )
    done += 1
    if (!dryRun)
      stderr.write(`[${done}/${transfers.length}] ${shownText(label)}: ${describe(result)}\n`)
    return result
  }
  return Promise.all(transfers.map(one => limit(run, one)))
}

function describe({ outcome, bytes = 0, error }: Result): string {
  if (error) return `failed: ${error.message}`
  return outcome === 'copied' ? `copied, ${formatBytes(bytes)}` : outcome
}

/** Shows a pipeline's warnings on stderr; returns the function that ends that. */
export function showWarnings(pipeline: InternalPipeline, { stderr }: CliContext): () => void {
  return pipeline.on(event => {
    if (event.type === 'warning') stderr.write(`warning ${shownText(event.message)}\n`)
  })
}

/** What was transferred, and how. */
export interface TransferReport {
  /** `s3://bucket/prefix`, or a cache directory. */
  readonly store: string
  /** Before its name in a sentence. */
  readonly direction: 'to' | 'from'
  readonly originals: readonly Result[]
  readonly dryRun: boolean
  readonly faults: readonly Problem[]
  readonly colors: Colors
}

export function transferResult({
  colors,
  direction,
  ...report
}: TransferReport): CommandResult & { readonly json: TransferDocument } {
  const { store, originals, dryRun, faults } = report
  const summary = summarize(originals)
  const different = originals
    .filter(({ outcome }) => outcome === 'different')
    .map(({ original }) =>
      colors.yellow(
        `${original}: ${store} already has another picture of the same request, which stays.`,
      ),
    )
  const failures = originals.flatMap(({ original, error }) =>
    error ? [colors.red(`${original}: ${error.message}`)] : [],
  )
  const many = count(summary.copied, 'original')
  const rest = `${direction} ${store} (${formatBytes(summary.bytes)}), ${summary.present} already present, ${summary.missing} missing, ${summary.failed} failed.`
  const lines = dryRun
    ? [...renderWouldCopy(originals), `${many} would be copied ${rest} This was a dry run.`]
    : [`${many} copied ${rest}`]
  return {
    json: {
      version: 1,
      ...{ store, dryRun, originals, summary },
      ...(faults.length > 0 && { faults }),
    },
    text: [...different, ...failures, ...lines].join('\n'),
    exitCode: summary.failed + summary.different + faults.length > 0 ? 1 : 0,
  }
}

function renderWouldCopy(originals: readonly Result[]): readonly string[] {
  return originals.flatMap(({ outcome, original, bytes = 0 }) =>
    outcome === 'copied' ? [`${original}: would be copied, ${formatBytes(bytes)}`] : [],
  )
}

function summarize(originals: readonly Result[]): TransferDocument['summary'] {
  const inOutcome = (outcome: Result['outcome']) =>
    originals.filter(original => original.outcome === outcome)
  const copied = inOutcome('copied')
  return {
    copied: copied.length,
    present: inOutcome('present').length,
    different: inOutcome('different').length,
    missing: inOutcome('missing').length,
    failed: inOutcome('failed').length,
    bytes: copied.reduce((sum, original) => sum + (original.bytes ?? 0), 0),
  }
}
