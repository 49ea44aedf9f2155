import type { Mode } from '../../config/options.ts'
import { describeRunCost } from '../../cost/describe-run-cost.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { RunReport } from '../../pipeline/events.ts'
import { describeFailures } from '../../pipeline/run/describe-failures.ts'
import { describePossiblyBilled } from '../../pipeline/run/describe-possibly-billed.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import { formatDuration } from '../../text/format-duration.ts'
import { shownText } from '../../text/shown-text.ts'
import type { Colors } from '../terminal.ts'
import { count, renderTable } from './format.ts'
import type { GenerateDocument } from './generate-document.ts'

const OUTCOME_COLORS = {
  cached: 'dim',
  generated: 'green',
  adopted: 'green',
  recovered: 'green',
  failed: 'red',
  skipped: 'yellow',
} as const

interface RenderOptions {
  readonly colors: Colors
  readonly mode: Mode
  /** Images that were there already have rows too. */
  readonly verbose?: boolean | undefined
}

/** For people: a row for each image that changed, then failures once a cause, then totals. */
export function renderGenerated(
  { images, summary }: GenerateDocument,
  reports: readonly RunReport[],
  { colors, mode, verbose = false }: RenderOptions,
): string {
  if (images.length === 0) return `The manifests have no images.${renderMode(mode)}`
  const shown = images.filter(({ outcome }) => verbose || outcome !== 'cached')
  const failures = describeFailures(reports.flatMap(report => report.images))
  const parts = [
    ...(shown.length > 0 ? [renderImages(shown, colors)] : []),
    ...(failures === undefined ? [] : [colors.red(shownText(failures))]),
    renderSummary(summary, images) + renderMode(mode),
  ]
  return parts.join('\n\n')
}

function renderImages(images: GenerateDocument['images'], colors: Colors): string {
  const head = ['image', 'outcome', 'time', 'attempts', 'pixels', 'size']
  const rows = images.map(image => [
    formatImageId(image),
    image.outcome,
    image.outcome === 'cached' ? '' : formatDuration(image.seconds * 1000),
    image.attempts > 0 ? String(image.attempts) : '',
    image.width && image.height ? `${image.width}×${image.height}` : '',
    image.bytes === undefined ? '' : formatBytes(image.bytes),
  ])
  return renderTable([head, ...rows], (cell, row, column) => {
    if (row === 0) return colors.dim(cell)
    const outcome = images[row - 1]?.outcome
    return column === 1 && outcome ? colors[OUTCOME_COLORS[outcome]](cell) : cell
  })
}

/** Draft mode leaves missing images out, and a short table would look like a success. */
function renderMode(mode: Mode): string {
  return mode === 'draft'
    ? '\nThe mode is draft, so nothing was requested. `imagegen plan` shows what is missing.'
    : ''
}

function renderSummary(
  summary: GenerateDocument['summary'],
  images: GenerateDocument['images'],
): string {
  const cached = images.filter(({ outcome }) => outcome === 'cached').length
  const sentences = [
    `${count(images.length, 'image')}: ${summary.generated} generated with ${count(summary.requests, 'request')}, ${summary.failed} failed.`,
  ]
  if (cached > 0) sentences.push(`${cached} ${cached === 1 ? 'was' : 'were'} present already.`)
  if (summary.waitedSeconds >= 1) {
    sentences.push(`${formatDuration(summary.waitedSeconds * 1000)} were spent waiting.`)
  }
  if (summary.possiblyBilledTwice > 0) {
    sentences.push(describePossiblyBilled(summary.possiblyBilledTwice))
  }
  if (summary.cost) sentences.push(describeRunCost(summary.cost))
  return sentences.join(' ')
}
