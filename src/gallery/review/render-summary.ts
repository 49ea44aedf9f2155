import { formatAmount } from '../../text/format-amount.ts'
import { withoutMarks } from '../../text/shown-text.ts'
import type { GalleryReview, ReviewedImage, ReviewedWords } from '../data/gallery-review.ts'

/** Images that are listed: a comment on GitHub has room for 65,536 characters. */
const MOST_IMAGES = 60

/** Characters of a word that is quoted. */
const LONGEST = 160

const CHANGES = ['added', 'changed', 'kept', 'removed'] as const

/**
 * A review as Markdown, for a comment of a pull request. Whatever comes from a manifest stands in
 * code: it mentions nobody and loads nothing. Pure.
 */
export function renderSummary(review: GalleryReview): string {
  const { images, since, commit, cost, unchanged } = review
  const counts = CHANGES.flatMap(change => {
    const { length } = images.filter(image => image.change === change)
    return length > 0 ? [`${length} ${change}`] : []
  })
  const title = `### Images: ${counts.join(', ') || 'no changes'}`
  const about = [
    `Since ${code(since)} (${commit}).`,
    cost && `New pictures cost ${formatAmount(cost.amount, cost.currency)}.`,
    unchanged > 0 && `${unchanged} unchanged.`,
  ]
  const lines = [title, '', about.filter(Boolean).join(' ')]
  if (images.length === 0) return `${lines.join('\n')}\n`
  const rows = images.slice(0, MOST_IMAGES).map(renderRow)
  const more = images.length - rows.length
  return `${[
    ...lines,
    '',
    '| Image | Change | Words | Cost |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...(more > 0 ? ['', `And ${more} more.`] : []),
  ].join('\n')}\n`
}

function renderRow({ image, change, samePicture, words, cost }: ReviewedImage): string {
  const picture = change === 'changed' && samePicture ? 'changed, same picture' : change
  const cells = [
    `${code(image.name)}<br>${code(image.manifest)}`,
    picture,
    change === 'removed' ? '' : words.map(word => renderWords(word, change)).join('<br>'),
    cost ? formatAmount(cost.amount, cost.currency) : '',
  ]
  return `| ${cells.join(' | ')} |`
}

function renderWords(
  { field, before, after }: ReviewedWords,
  change: ReviewedImage['change'],
): string {
  if (change === 'added') return `${field}: ${code(after ?? '')}`
  if (before === undefined) return `${field}: added ${code(after ?? '')}`
  if (after === undefined) return `${field}: removed ${code(before)}`
  return `${field}: ${code(before)} → ${code(after)}`
}

/** A text in a code span of a table's cell. */
function code(text: string): string {
  const line = withoutMarks(text).replace(/\s+/g, ' ').trim()
  const shown = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
  if (shown === '') return ''
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : ''
  // A table ends a cell at every bar that has no backslash.
  return `${fence}${pad}${shown.replaceAll('|', '\\|')}${pad}${fence}`
}
