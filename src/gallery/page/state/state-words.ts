import { imageKey } from '../../../manifest/image-id.ts'
import type { ImageState } from '../../../plan/image-state.ts'
import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryData, GalleryImage, GalleryUpdate } from '../../data/gallery-data.ts'

/** What an image's badge says, in the order of urgency. Icon, colour and filter follow from it. */
export const STATE_LABELS = [
  'failed',
  'uncertain',
  'corrupt',
  'generating',
  'waiting',
  'missing',
  'ready',
] as const

export type StateLabel = (typeof STATE_LABELS)[number]

export function labelOf({ state }: ImageState): StateLabel {
  switch (state) {
    case 'missing':
    case 'blocked':
    case 'held':
      return 'missing'
    case 'queued':
    case 'waiting':
      return 'waiting'
    case 'generating':
    case 'receiving':
    case 'retrying':
      return 'generating'
    case 'failed':
    case 'refused':
    case 'unusable':
    case 'newer':
      return 'failed'
    case 'uncertain':
    case 'corrupt':
    case 'ready':
      return state
  }
}

/** `Generating` */
export function capitalize(label: StateLabel): string {
  return label.charAt(0).toUpperCase() + label.slice(1)
}

/** A few words in place of the picture. */
export function describeState({ status }: GalleryImage): string {
  switch (status.state) {
    case 'ready':
      return ''
    case 'missing':
      return status.problem ?? 'Not generated yet.'
    case 'blocked':
      return waitsFor(status.by)
    case 'queued':
      return status.after ? waitsFor(status.after) : 'It is in the queue.'
    case 'waiting':
      return `${status.holder} is generating it`
    case 'generating':
      return status.attempt > 1 ? `Attempt ${status.attempt}` : ''
    case 'receiving': {
      const received = `${formatBytes(status.bytes)} received`
      return status.attempt > 1 ? `Attempt ${status.attempt}: ${received}` : received
    }
    case 'retrying':
      return `again in ${Math.ceil(status.delay / 1_000)} s: ${status.problem}`
    case 'uncertain':
      return status.problem === undefined
        ? 'Sent, but no answer arrived. It may have been billed.'
        : `${status.problem} It may have been billed.`
    case 'held':
    case 'failed':
    case 'refused':
    case 'unusable':
    case 'newer':
    case 'corrupt':
      return status.problem
  }
}

function waitsFor(images: readonly { readonly name: string }[]): string {
  return `Waits for ${images.map(({ name }) => name).join(' and ')}.`
}

/** A sentence for every image whose label changed, and for those that are gone. Pure. */
export function describeChanges(
  before: GalleryData,
  { images = [], removed = [] }: GalleryUpdate,
): readonly string[] {
  const labels = new Map(before.images.map(({ id, status }) => [imageKey(id), labelOf(status)]))
  return [
    ...images
      .filter(({ id, status }) => labels.get(imageKey(id)) !== labelOf(status))
      .map(({ id, status }) => `${id.name}: ${labelOf(status)}.`),
    ...removed
      .filter(id => labels.has(imageKey(id)))
      .map(({ manifest, name }) => `${manifest} does not have ${name} any more.`),
  ]
}

/** Which colours a state has. */
export function toneOf(label: StateLabel): 'good' | 'busy' | 'warn' | 'bad' | 'quiet' {
  switch (label) {
    case 'ready':
      return 'good'
    case 'generating':
    case 'waiting':
      return 'busy'
    case 'uncertain':
      return 'warn'
    case 'failed':
    case 'corrupt':
      return 'bad'
    case 'missing':
      return 'quiet'
  }
}
