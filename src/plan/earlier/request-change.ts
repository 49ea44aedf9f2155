import type { ImageRequest } from '../image-request.ts'
import { isSame } from './similar-requests.ts'

/** What can differ between two versions of a request, as people name it. */
export const REQUEST_PARTS = [
  'model',
  'prompt',
  'size',
  'params',
  'references',
  'revision',
] as const

/** A part of a request that can have changed. */
export type RequestPart = (typeof REQUEST_PARTS)[number]

/** Another provider is another model, and a request without references goes to another endpoint. */
const PART_OF = {
  endpoint: 'references',
  provider: 'model',
  model: 'model',
  prompt: 'prompt',
  size: 'size',
  params: 'params',
  revision: 'revision',
  references: 'references',
  mask: 'references',
} as const satisfies Record<keyof ImageRequest, RequestPart>

/** The parts in which two requests differ, in the order of {@link REQUEST_PARTS}. Pure. */
export function changedParts(before: ImageRequest, after: ImageRequest): readonly RequestPart[] {
  const fields = Object.keys(PART_OF) as (keyof ImageRequest)[]
  const changed = new Set(
    fields.filter(field => !isSame(before[field], after[field])).map(field => PART_OF[field]),
  )
  return REQUEST_PARTS.filter(part => changed.has(part))
}
