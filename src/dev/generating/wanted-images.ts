import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { Key } from '../../plan/image-request.ts'
import { isUnderWay } from '../../plan/image-state.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { sameId } from '../images/dev-manifest.ts'
import type { Generation } from '../images/generation.ts'
import type { HeldRequest } from './held-requests.ts'
import { fingerprintOf } from './request-fingerprint.ts'

/** One request that this server asked for, from the wish to its end. */
export interface WantedImage extends Generation {
  readonly image: ImageId
  /** Its fingerprint, and its key once that is known. */
  readonly names: Set<string>
  /** As it was when it was asked for. Absent: an earlier server held it back. */
  readonly planned?: PlannedImage
  key: Key | undefined
  status: Generation['status']
  /** Somebody called it off before its first request. */
  isCancelled: boolean
  /** Somebody saved its words without generating. */
  isHeldBack: boolean
}

/** Each one under all of its names. */
export type WantedImages = Map<string, WantedImage>

export function addWanted(wanted: WantedImages, planned: PlannedImage, since: string): WantedImage {
  const { id, key, status } = planned
  const added: WantedImage = {
    image: id,
    names: new Set([fingerprintOf(planned), ...(key === undefined ? [] : [key])]),
    planned,
    key,
    since,
    isCancelled: false,
    isHeldBack: false,
    status:
      status.state === 'blocked' ? { state: 'queued', after: status.by } : { state: 'queued' },
  }
  for (const name of added.names) wanted.set(name, added)
  return added
}

/** Adds what an earlier server held back. */
export function restoreHeldBack(wanted: WantedImages, held: readonly HeldRequest[]): void {
  for (const { image, names, since, problem } of held) {
    const restored: WantedImage = {
      image,
      names: new Set(names),
      key: undefined,
      since,
      status: { state: 'held', problem },
      isCancelled: false,
      isHeldBack: true,
    }
    for (const name of names) wanted.set(name, restored)
  }
}

export function listHeldBack(wanted: WantedImages): readonly HeldRequest[] {
  return listWanted(wanted).flatMap(({ image, names, since, status, isHeldBack }) =>
    isHeldBack && status.state === 'held'
      ? [{ image, names: [...names], since, problem: status.problem }]
      : [],
  )
}

/** Adds a key that has become known. */
export function nameWanted(wanted: WantedImages, image: WantedImage, key: Key): void {
  image.key = key
  image.names.add(key)
  wanted.set(key, image)
}

export function removeWanted(wanted: WantedImages, image: WantedImage): void {
  for (const name of image.names) {
    if (wanted.get(name) === image) wanted.delete(name)
  }
}

export function listWanted(wanted: WantedImages): readonly WantedImage[] {
  return [...new Set(wanted.values())]
}

/** By its key, else by its fingerprint unless its key turned out to be another one. */
export function findWanted(wanted: WantedImages, planned: PlannedImage): WantedImage | undefined {
  // A fingerprint is a digest, and the gallery asks for thousands of images.
  if (wanted.size === 0) return undefined
  const { key } = planned
  const known = key === undefined ? undefined : wanted.get(key)
  if (known) return known
  const found = wanted.get(fingerprintOf(planned))
  if (key === undefined || !found) return found
  // A failure because of a missing reference is out of date once the reference is there.
  if (found.key === undefined) return found.status.state === 'failed' ? undefined : found
  return found.key === key ? found : undefined
}

/** Requests of one image may overlap after its prompt was edited; the key tells them apart. */
export function findWantedByKey(
  wanted: WantedImages,
  image: ImageId,
  key: Key | undefined,
): WantedImage | undefined {
  const known = key === undefined ? undefined : wanted.get(key)
  return known ?? listUnderWay(wanted, image).at(-1)
}

export function listUnderWay(wanted: WantedImages, image: ImageId): readonly WantedImage[] {
  return listWanted(wanted).filter(other => sameId(other.image, image) && isUnderWay(other.status))
}

/** Other revisions of an image that are under way. */
export function listAlternatives(wanted: WantedImages, id: ImageId): readonly WantedImage[] {
  const key = imageKey(withoutRevision(id))
  return listWanted(wanted).filter(
    ({ image, status }) =>
      image.revision !== undefined &&
      imageKey(withoutRevision(image)) === key &&
      isUnderWay(status),
  )
}

/** The image that this is an alternative of: the revision stands beside its name. */
function withoutRevision({ manifest, name }: ImageId): ImageId {
  return { manifest, name }
}
