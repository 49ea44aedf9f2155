import { ImagegenError } from '../errors/imagegen-error.ts'

/** The command line was used in a way that it does not understand. Ends with exit code 2. */
export class UsageError extends ImagegenError {
  readonly code = 'USAGE'
}
