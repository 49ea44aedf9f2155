import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import type {
  AdoptReport,
  KeepReport,
  KeptImage,
  UndoneImage,
  UndoReport,
} from '../../pipeline/keep/decision-report.ts'
import { shownText } from '../../text/shown-text.ts'
import type { Colors } from '../terminal.ts'
import { count } from './format.ts'

/** A report's image with the parts of its ID beside its other fields, as in other documents. */
type Described<Image extends { readonly image: ImageId }> = Omit<Image, 'image'> &
  Pick<ImageId, 'manifest' | 'name'>

/** What `imagegen keep --json` prints. */
export interface KeepDocument {
  readonly version: 1
  /** True: nothing was written, and `kept` means that it would be. */
  readonly dryRun: boolean
  readonly images: readonly Described<KeptImage>[]
  readonly summary: Readonly<Record<KeptImage['outcome'], number>>
}

/** What `imagegen adopt --json` prints. */
export type AdoptDocument = { readonly version: 1 } & Described<AdoptReport>

/** What `imagegen keep --undo --json` and `imagegen adopt --undo --json` print. */
export interface UndoDocument {
  readonly version: 1
  /** True: nothing was written, and `undone` means that it would be. */
  readonly dryRun: boolean
  /** The shared store, if there is one. */
  readonly store?: string
  readonly images: readonly Described<UndoneImage>[]
  readonly summary: Readonly<Record<UndoneImage['outcome'], number>>
}

export function describeKeeping({ dryRun, images }: KeepReport): KeepDocument {
  const inOutcome = countOutcomes(images)
  return {
    version: 1,
    dryRun,
    images: images.map(describe),
    summary: {
      kept: inOutcome('kept'),
      present: inOutcome('present'),
      failed: inOutcome('failed'),
    },
  }
}

export function describeAdoption(report: AdoptReport): AdoptDocument {
  return { version: 1, ...describe(report) }
}

/** @param store label of the shared store */
export function describeUndoing({ dryRun, images }: UndoReport, store?: string): UndoDocument {
  const inOutcome = countOutcomes(images)
  return {
    version: 1,
    dryRun,
    ...(store !== undefined && { store }),
    images: images.map(describe),
    summary: { undone: inOutcome('undone'), failed: inOutcome('failed') },
  }
}

function describe<Image extends { readonly image: ImageId }>({
  image,
  ...rest
}: Image): Described<Image> {
  return { manifest: image.manifest, name: image.name, ...rest }
}

function countOutcomes<Outcome>(images: readonly { readonly outcome: Outcome }[]) {
  return (outcome: Outcome) => images.filter(image => image.outcome === outcome).length
}

const DRY_RUN = 'Dry run: nothing was written.'

export function renderKeeping({ dryRun, images, summary }: KeepDocument, colors: Colors): string {
  if (images.length === 0) return 'Nothing to keep.'
  const lines = images.map(image => {
    const label = formatImageId(image)
    if (image.outcome === 'failed')
      return `${colors.red('failed')}   ${shownText(image.problem ?? '')}`
    if (image.outcome === 'present') return `${colors.dim('present')}  ${label}: already kept.`
    const changed = image.changes?.join(' and ')
    const made = image.createdAt?.slice(0, 10)
    return `${colors.green('kept')}     ${label}: the picture of ${made} stays, although the ${changed} changed.`
  })
  const { kept, present, failed } = summary
  return [
    ...lines,
    `${count(images.length, 'image')}: ${kept} kept, ${present} present, ${failed} failed. ${dryRun ? DRY_RUN : 'Nothing was requested.'}`,
  ].join('\n')
}

export function renderAdoption(document: AdoptDocument, colors: Colors): string {
  const { outcome, dryRun, format, width, height, revision, writesRevision, manifest } = document
  const label = formatImageId({ manifest, name: document.name })
  if (outcome === 'present') {
    return `${colors.dim('present')}  ${label} already has exactly this picture. Nothing to adopt.`
  }
  const lines = [
    `${colors.green('adopted')}  ${label}: a ${format.toUpperCase()} of ${width}×${height} pixels.`,
  ]
  if (writesRevision) {
    lines.push(
      `The image already has an original, so this is revision ${revision}, which ${dryRun ? 'would be written' : 'was written'} into ${manifest}.`,
    )
  }
  if (dryRun) lines.push(DRY_RUN)
  return lines.join('\n')
}

export function renderUndoing(document: UndoDocument, colors: Colors): string {
  const { dryRun, images, summary, store = 'the shared store' } = document
  if (images.length === 0) return 'Nothing to undo.'
  const lines = images.map(image => {
    if (image.outcome === 'failed')
      return `${colors.red('failed')}  ${shownText(image.problem ?? '')}`
    const back =
      image.revision === undefined
        ? ''
        : ` ${image.manifest} ${dryRun ? 'would name' : 'names'} revision ${image.revision} again.`
    const { manifest, name } = image
    return `${colors.green('undone')}  ${formatImageId({ manifest, name })}.${back}${describeShared(image, store, dryRun)}`
  })
  return [
    ...lines,
    `${count(images.length, 'image')}: ${summary.undone} undone, ${summary.failed} failed.${dryRun ? ` ${DRY_RUN}` : ''}`,
  ].join('\n')
}

function describeShared(
  { shared }: Pick<UndoneImage, 'shared'>,
  store: string,
  dryRun: boolean,
): string {
  switch (shared) {
    case 'removed':
      return ` It ${dryRun ? 'would be' : 'was'} removed from ${store} too.`
    case 'left':
      return ` ${store} still has it, and builds copy it from there. Add --store to remove it there too.`
    case 'other':
      return ` ${store} has another picture for it, from another machine. Builds copy that picture from there.`
    default:
      return ''
  }
}
