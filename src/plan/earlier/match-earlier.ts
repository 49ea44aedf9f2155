import type { ImageRequest } from '../image-request.ts'
import { pairSimilar } from './similar-requests.ts'

/** An image that is missing, and what would be sent for it. */
export interface MissingImage {
  readonly id: string
  readonly request: ImageRequest
}

/** An original that no manifest needs, and its request. */
export interface EarlierOriginal {
  readonly key: string
  readonly request: ImageRequest
}

/** Pairs images with what look like their earlier versions, the most similar first; each once. */
export function matchEarlierVersions<W extends MissingImage, U extends EarlierOriginal>(
  wanted: readonly W[],
  unneeded: readonly U[],
): readonly { readonly image: W; readonly original: U }[] {
  const taken = new Set<W | U>()
  return [...pairSimilar(wanted, unneeded)]
    .sort((a, b) => a.change - b.change)
    .flatMap(({ one: image, other: original }) => {
      if (taken.has(image) || taken.has(original)) return []
      taken.add(image).add(original)
      return [{ image, original }]
    })
}

/** The image that each original looks most like; several may look like one. */
export function findResembled<U extends EarlierOriginal, W extends MissingImage>(
  unneeded: readonly U[],
  wanted: readonly W[],
): ReadonlyMap<string, W> {
  const pairs = [...pairSimilar(unneeded, wanted)].sort((a, b) => b.change - a.change)
  return new Map(pairs.map(({ one, other }) => [one.key, other]))
}
