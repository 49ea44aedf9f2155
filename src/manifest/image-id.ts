/** Which image of which manifest. */
export interface ImageId {
  /** Manifest path relative to the project root, with forward slashes. */
  readonly manifest: string
  /** Name under `images`; for a manifest of a single image, its file's base name. */
  readonly name: string
}

/** `site.image.yaml#hero`: the form that messages and the command line use. */
export function formatImageId({ manifest, name }: ImageId): string {
  return `${manifest}#${name}`
}
