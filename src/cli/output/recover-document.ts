import { formatImageId } from '../../manifest/image-id.ts'
import type { Quarantined } from '../../originals/original.ts'
import type { RecheckedAnswer } from '../../originals/recovery/recheck-quarantine.ts'
import type { Key } from '../../plan/image-request.ts'
import { shownText } from '../../text/shown-text.ts'
import type { Colors } from '../terminal.ts'
import { count } from './format.ts'

/** What became of one image's answers. */
export interface RecoveredImage {
  readonly manifest: string
  readonly name: string
  readonly key: Key
  /** `elsewhere`: unusable, and its answer is not in this machine's quarantine. */
  readonly outcome: RecheckedAnswer['verdict'] | 'elsewhere'
  /** Why it is unusable, as sentences. */
  readonly problem?: string
  /** Absolute paths of what was in quarantine before. */
  readonly files: readonly string[]
}

/** What `imagegen recover --json` prints. */
export interface RecoverDocument {
  readonly version: 1
  /** True: nothing was kept, and `usable` stands for `recovered`. */
  readonly dryRun: boolean
  readonly images: readonly RecoveredImage[]
  /** Answers of an interrupted run that are kept now. */
  readonly interrupted: readonly Key[]
  /** Files in quarantine that belong to no attempt on record. They stay. */
  readonly unknown: readonly Quarantined[]
  readonly summary: Readonly<Record<RecoveredImage['outcome'], number>>
}

/** How many images had which outcome. */
export function summarize(images: readonly RecoveredImage[]): RecoverDocument['summary'] {
  const inOutcome = (outcome: string) => images.filter(image => image.outcome === outcome).length
  return {
    recovered: inOutcome('recovered'),
    usable: inOutcome('usable'),
    unusable: inOutcome('unusable'),
    busy: inOutcome('busy'),
    elsewhere: inOutcome('elsewhere'),
  }
}

/** For people. */
export function renderRecovery(document: RecoverDocument, colors: Colors): string {
  const { dryRun, images, interrupted, unknown, summary } = document
  const lines = images.map(image => renderImage(image, colors))
  for (const { path: file, problem } of unknown) {
    const note = problem === '' ? '' : ` ${problem}`
    lines.push(shownText(`${file} belongs to no known request, and stays.${note}`))
  }
  if (interrupted.length > 0) {
    lines.push(`${count(interrupted.length, 'answer')} of an interrupted run kept.`)
  }
  if (images.length === 0) return [...lines, 'Nothing to recover.'].join('\n')
  const kept = dryRun ? `${summary.usable} usable` : `${summary.recovered} recovered`
  const left = summary.unusable + summary.elsewhere
  const busy = summary.busy > 0 ? `, ${summary.busy} busy` : ''
  lines.push(`${count(images.length, 'image')}: ${kept}, ${left} unusable${busy}.`)
  if (left > 0) lines.push('To request an image again, run `imagegen generate --again IMAGE`.')
  return lines.join('\n')
}

function renderImage({ outcome, problem, files, ...id }: RecoveredImage, colors: Colors): string {
  const label = formatImageId(id)
  switch (outcome) {
    case 'recovered':
      return `${colors.green('recovered')}  ${label}`
    case 'usable':
      return `${colors.green('usable')}  ${label}`
    case 'busy':
      return `${colors.yellow('busy')}  ${label}: another process is working on it.`
    case 'unusable':
    case 'elsewhere': {
      const where = files.length > 0 ? ` It is kept in ${files.join(' and ')}.` : ''
      const away = outcome === 'elsewhere' ? ' Its answer is not on this machine.' : ''
      return `${colors.red('unusable')}  ${label}: ${shownText(`${problem ?? ''}${where}${away}`)}`
    }
  }
}
