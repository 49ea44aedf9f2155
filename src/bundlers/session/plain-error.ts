import { readProcessVariable } from '../../config/environment.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { shownError } from '../../text/shown-text.ts'

/**
 * An error for a host to print: escaped, and without stack and causes, which hosts print behind the
 * message. The message of our own errors says all that helps. `DEBUG` shows the rest.
 */
export function plainError(thrown: unknown): Error {
  const error = shownError(thrown)
  if (!(error instanceof ImagegenError) || readProcessVariable('DEBUG') !== undefined) return error
  // Hosts that print the stack print it in place of the message.
  error.stack = error.message
  delete error.cause
  return error
}
