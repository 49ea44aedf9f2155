import { StoreError } from '../../errors/store-error.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import { storeFault } from '../../system/system-error.ts'

/** How somebody decides that an image is requested once more. */
export function adviseAgain(image: ImageId): string {
  return `To request it again, run \`imagegen generate --again ${formatImageId(image)}\`.`
}

/** What can be done where an attempt may have been billed and `retry.uncertain` is `stop`. */
export function adviseUncertain(image: ImageId, requestId: string, attempts: number): string {
  return `${countAttempts(attempts)} under request ID ${requestId} may have been billed, and \`retry.uncertain\` is "stop", so no new request is sent. Ask the API's support about that ID, or request it again with \`imagegen generate ${formatImageId(image)} --retry-uncertain\`.`
}

export function countAttempts(count: number): string {
  return count === 1 ? '1 attempt' : `${count} attempts`
}

/** Says what could not be done for an image, and then what the store said of its files. */
export function imageFault(whatFailed: string, cause: unknown): StoreError {
  if (!(cause instanceof StoreError)) return storeFault(whatFailed, cause)
  return new StoreError(`${whatFailed}: ${cause.message}`, { cause })
}
