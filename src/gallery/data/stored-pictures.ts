import type { Original } from '../../originals/original.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { ImageRequest } from '../../plan/image-request.ts'
import { requestKey } from '../../plan/request-key.ts'

/** An original, and where it was found. */
export interface StoredPicture {
  readonly original: Original
  readonly where: 'local' | 'shared'
}

/** Every original that is kept, by the {@link subjectOf} its request. */
export type StoredPictures = ReadonlyMap<string, readonly StoredPicture[]>

/** Reads every entry. */
export async function listStoredPictures({
  originals,
}: Pick<Pipeline, 'originals'>): Promise<StoredPictures> {
  const pictures = new Map<string, StoredPicture[]>()
  for await (const { key, entry } of originals.list()) {
    const found = await originals.status(key)
    if (found.state !== 'ready') continue
    const name = subjectOf(entry.request)
    pictures.set(name, [...(pictures.get(name) ?? []), found])
  }
  return pictures
}

/** Identifies a request without its revision: all revisions of one request share it. */
export function subjectOf(request: ImageRequest): string {
  return requestKey({ ...request, revision: 0 })
}
