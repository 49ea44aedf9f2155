import { imageKey } from '../../manifest/image-id.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { sha256 } from '../../system/digest.ts'

/**
 * What the manifest says of a request. It tells requests apart while an image that they refer to is
 * missing, and with it their key.
 */
export function fingerprintOf({ image }: PlannedImage): string {
  const { id, prompt, size, provider, model, params, revision, references } = image
  const referred = references.map(reference =>
    reference.kind === 'file' ? reference.path : imageKey(reference.image),
  )
  const said = [imageKey(id), prompt, size, provider, model, params, revision, referred]
  return sha256(JSON.stringify(said))
}
