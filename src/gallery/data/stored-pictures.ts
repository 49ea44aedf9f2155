import type { Original } from '../../originals/original.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { ImageRequest, Key } from '../../plan/image-request.ts'
import { requestKey } from '../../plan/request-key.ts'

/** An original, and where it was found. */
export interface StoredPicture {
  readonly original: Original
  readonly where: 'local' | 'shared'
}

/** Every original that is kept. */
export interface StoredPictures {
  /** Those of a request, in all of its revisions. Its key saves a digest. */
  of(request: ImageRequest, key?: Key): readonly StoredPicture[]
}

/** What requests are without their revision. The originals of a cache keep their objects. */
export type KnownSubjects = WeakMap<ImageRequest, string>

/** Finds every original, by its entry. */
export async function listStoredPictures(
  { originals }: Pick<Pipeline, 'originals'>,
  subjects: KnownSubjects = new WeakMap(),
): Promise<StoredPictures> {
  const bySubject = new Map<string, StoredPicture[]>()
  const byKey = new Map<Key, readonly StoredPicture[]>()
  for await (const { key, entry } of originals.list()) {
    const found = await originals.status(key)
    if (found.state !== 'ready') continue
    const { request } = entry
    const subject = subjects.get(request) ?? subjectOf(request)
    subjects.set(request, subject)
    const revisions = bySubject.get(subject) ?? []
    revisions.push(found)
    bySubject.set(subject, revisions)
    byKey.set(key, revisions)
  }
  return {
    of: (request, key) => (key && byKey.get(key)) ?? bySubject.get(subjectOf(request)) ?? [],
  }
}

function subjectOf(request: ImageRequest): string {
  return requestKey({ ...request, revision: 0 })
}
