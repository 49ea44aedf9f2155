import { createHash } from 'node:crypto'
import { formatImageId } from '../manifest/image-id.ts'
import type { PlannedImage } from '../plan/plan.ts'

/**
 * What tells one request from another. That is its key, if it is known; while an image that it
 * refers to is missing, it is what the manifest says.
 */
export function fingerprintOf({ key, image }: PlannedImage): string {
  if (key !== undefined) return key
  const { id, prompt, size, model, params, revision, references } = image
  const referred = references.map(reference =>
    reference.kind === 'file' ? reference.path : formatImageId(reference.image),
  )
  const said = [formatImageId(id), prompt, size, model, params, revision, referred]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}
