import { ImagegenError } from '../../errors/imagegen-error.ts'

/** Another process took over the right to generate an image: nothing more may be sent for it here. */
export class LeaseLostError extends ImagegenError {
  readonly code = 'LEASE_LOST'
}
