import { ImagegenError } from '../../errors/imagegen-error.ts'

/** Another process took over the right to buy an image: whatever was still to be sent must not be sent. */
export class LeaseLostError extends ImagegenError {
  readonly code = 'LEASE_LOST'
}
