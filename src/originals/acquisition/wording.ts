import { StoreError } from '../../errors/store-error.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import { storeFault } from '../../system/system-error.ts'

/** How somebody decides that an image is requested once more. */
export function adviseAgain(image: ImageId): string {
  return `It is not requested again unless you say so: \`imagegen generate --again ${formatImageId(image)}\`.`
}

/** What can be done where an attempt may have been billed and `retry.uncertain` is `stop`. */
export function adviseUncertain(image: ImageId, requestId: string, attempts: number): string {
  return `${countAttempts(attempts)} under request ID ${requestId} may have been billed, and retry.uncertain is "stop": nothing more is sent for it. Ask the API's support what became of that ID, or run \`imagegen generate ${formatImageId(image)} --retry-uncertain\` to ask again.`
}

export function countAttempts(count: number): string {
  return count === 1 ? '1 attempt' : `${count} attempts`
}

/** Says what could not be done for an image, and then what the store said of its files. */
export function imageFault(whatFailed: string, cause: unknown): StoreError {
  if (!(cause instanceof StoreError)) return storeFault(whatFailed, cause)
  return new StoreError(`${whatFailed}: ${cause.message}`, { cause })
}
