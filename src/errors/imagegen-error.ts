/**
 * Base of every error that this package throws on purpose. `message` is a full
 * sentence for people: which image of which manifest, what happened, what to do
 * now. `code` is for programs and does not change between minor versions.
 */
export abstract class ImagegenError extends Error {
  abstract readonly code: string

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}
