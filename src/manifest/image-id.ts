/** Which image of which manifest. */
export interface ImageId {
  /** Manifest path relative to the project root, with forward slashes. */
  readonly manifest: string
  /** Name under `images`; for a manifest of a single image, its file's base name. */
  readonly name: string
  /** Only for alternatives: a revision other than the manifest's. */
  readonly revision?: number
}

/** `site.image.yaml#hero`, or `site.image.yaml#hero@3` for an alternative: as messages and the command line write it. A label: {@link imageKey} tells images apart. */
export function formatImageId({ manifest, name, revision }: ImageId): string {
  const id = `${manifest}#${name}`
  return revision === undefined ? id : `${id}@${revision}`
}

declare const KEY: unique symbol

/** Identifies an image, or an alternative, in maps and sets. Nothing parses it. */
export type ImageKey = string & { readonly [KEY]: true }

/**
 * A key of its own for every ID, whatever characters the parts have. Labels may be equal: an image
 * can be called `hero@2`.
 */
export function imageKey({ manifest, name, revision }: ImageId): ImageKey {
  return JSON.stringify([manifest, name, revision]) as ImageKey
}
