/**
 * Base class of every error that this package throws on purpose. `message` is a full sentence for
 * people: it names the image and the manifest, what happened, and what to do now. `code` is for
 * programs, and stays the same between minor versions.
 */
export abstract class ImagegenError extends Error {
  abstract readonly code: string

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}
