import type { Key } from '../../plan/image-request.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import type { Colors } from '../terminal.ts'
import { count, renderTable } from './format.ts'

/** An original that no manifest needs. */
export interface PruneCandidate {
  readonly key: Key
  /** ISO 8601. */
  readonly createdAt: string
  readonly ageDays: number
  /** Bytes of picture and entry. */
  readonly bytes: number
  readonly size: string
  /** The image that it looks like an earlier version of. */
  readonly resembles?: string
}

/** What `imagegen prune --json` prints. */
export interface PruneDocument {
  readonly version: 1
  /** Whether they were deleted, or only listed. */
  readonly deleted: boolean
  /** `s3://bucket/prefix`, with `--store`. */
  readonly store?: string
  readonly originals: readonly PruneCandidate[]
  /** Originals that nothing seems to need, and that stay all the same. */
  readonly kept: readonly { readonly key: string; readonly reason: string }[]
  readonly renditions?: { readonly folder: string; readonly deleted: boolean }
  readonly summary: { readonly originals: number; readonly bytes: number }
}

/** The document for people. */
export function renderPruning(
  { deleted, store, originals, kept, renditions, summary }: PruneDocument,
  colors: Colors,
): string {
  const lines: string[] = []
  if (originals.length > 0) {
    const rows = originals.map(({ key, ageDays, bytes, size, resembles }) => [
      key.slice(0, 12),
      renderAge(ageDays),
      formatBytes(bytes),
      size,
      resembles ? `like ${resembles}` : '',
    ])
    lines.push(
      renderTable(rows, (cell, _, column) => (column === 4 ? colors.dim(cell) : cell)),
      '',
    )
  }
  for (const { key, reason } of kept) {
    lines.push(colors.dim(`${key.slice(0, 12)} stays: ${reason}.`))
  }
  const where = store === undefined ? '' : ` in ${store}`
  const found = `${count(summary.originals, 'original')}${where} that no manifest needs, ${formatBytes(summary.bytes)}`
  if (summary.originals === 0) lines.push(`Nothing to prune${where}: every original is needed.`)
  else if (deleted) lines.push(`Deleted ${found}.`)
  else if (store !== undefined) {
    lines.push(
      `${found}. Other branches and projects may use the same store. Add --yes to delete them.`,
    )
  } else lines.push(`${found}. Add --yes to delete them.`)
  if (renditions) {
    const verb = renditions.deleted ? 'Deleted' : 'Would delete'
    lines.push(`${verb} the renditions in ${renditions.folder}.`)
  }
  return lines.join('\n')
}

function renderAge(days: number): string {
  if (days < 1 / 24) return 'less than an hour old'
  if (days < 1) return `${count(Math.floor(days * 24), 'hour')} old`
  return `${count(Math.floor(days), 'day')} old`
}
