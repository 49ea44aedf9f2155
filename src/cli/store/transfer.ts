import pLimit from 'p-limit'
import type { SharedOriginals } from '../../originals/store/shared/shared-originals.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CliContext, CommandResult } from '../command-session.ts'
import { codeOf, messageOf } from '../output/error-output.ts'
import { count } from '../output/format.ts'
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

/** Copies originals, a few at a time, with a line on stderr for each; failures of some leave the others alone. */
export async function transfer(
  transfers: readonly Transfer[],
  { stderr }: CliContext,
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

/** @param where the end of a sentence about what was copied: `to s3://bucket` */
export function transferResult(
  store: string,
  where: string,
  originals: readonly Result[],
  colors: Colors,
): CommandResult & { readonly json: TransferDocument } {
  const inOutcome = (outcome: Result['outcome']) =>
    originals.filter(original => original.outcome === outcome)
  const copied = inOutcome('copied')
  const bytes = copied.reduce((sum, original) => sum + (original.bytes ?? 0), 0)
  const summary = {
    copied: copied.length,
    present: inOutcome('present').length,
    different: inOutcome('different').length,
    missing: inOutcome('missing').length,
    failed: inOutcome('failed').length,
    bytes,
  }
  const different = inOutcome('different').map(({ original }) =>
    colors.yellow(
      `${original}: ${store} already has another picture of the same request, which stays.`,
    ),
  )
  const failures = inOutcome('failed').map(({ original, error }) =>
    colors.red(`${original}: ${error?.message}`),
  )
  const last = `${count(summary.copied, 'original')} copied ${where} (${formatBytes(bytes)}), ${summary.present} already present, ${summary.missing} missing, ${summary.failed} failed.`
  return {
    json: { version: 1, store, originals, summary },
    text: [...different, ...failures, last].join('\n'),
    exitCode: summary.failed + summary.different > 0 ? 1 : 0,
  }
}
