import type { PurchaseStatus } from '../../dev/images/purchase-status.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { GalleryState } from './gallery-data.ts'

/** How an image stands, from what is on disk and what is going on. Pure. */
export function describeGalleryState(
  { planned, look }: InspectedImage,
  status: PurchaseStatus | undefined,
): GalleryState {
  const why = planned.reason === undefined ? undefined : asSentence(planned.reason)
  if (status?.state === 'under-way') return describeWay(status, why)
  if (planned.state === 'ready') return { name: 'ready' }
  if (status?.state === 'held') return { name: 'missing', reason: status.reason }
  if (look?.state === 'corrupt') return { name: 'corrupt', problem: look.problem }
  if (look?.state === 'uncertain') {
    const { state: name, ...facts } = look
    return { name, ...facts }
  }
  if (look?.state === 'unusable' || look?.state === 'refused' || look?.state === 'newer')
    return { name: 'failed', message: look.problem }
  if (planned.problem) return { name: 'failed', message: planned.problem.message }
  if (status?.state === 'failed') return { name: 'failed', message: status.error.message }
  // The last attempt's, or that a reference is missing.
  const reason = why
  return { name: 'missing', ...(reason !== undefined && { reason }) }
}

function describeWay(
  { since, attempt, detail }: PurchaseStatus & { state: 'under-way' },
  reason = 'It is in the queue.',
): GalleryState {
  if (attempt === undefined) return { name: 'waiting', reason: detail ?? reason }
  return { name: 'generating', since, attempt, ...(detail !== undefined && { detail }) }
}

/** Plans name their reasons in the middle of a line: `waits for hero`. */
function asSentence(reason: string): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1).replace(/[^.]$/, '$&.')
}
