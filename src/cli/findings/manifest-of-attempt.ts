import type { AttemptCost } from '../../cost/attempt-costs.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { ImageRequest, Key } from '../../plan/image-request.ts'
import { requestKey } from '../../plan/request-key.ts'

/**
 * Says which manifest a request was for: the first whose image has its picture, then the first that
 * has another revision of it, then the one that the journal names. A manifest with faults has none.
 */
export async function findManifestOfAttempts(
  pipeline: Pipeline,
): Promise<(attempt: AttemptCost) => string | undefined> {
  const byKey = new Map<Key, string>()
  const bySubject = new Map<Key, string>()
  for (const file of await pipeline.discover()) {
    const { images } = await pipeline.plan({ manifests: [file] }).catch(withoutImages)
    for (const { id, key, request } of images) {
      if (key !== undefined && !byKey.has(key)) byKey.set(key, id.manifest)
      const subject = request && subjectOf(request)
      if (subject && !bySubject.has(subject)) bySubject.set(subject, id.manifest)
    }
  }
  return ({ keys, request, manifest }) => {
    const key = keys.find(key => byKey.has(key))
    return (key && byKey.get(key)) ?? bySubject.get(subjectOf(request)) ?? manifest
  }
}

/** The same for all revisions of a request. */
function subjectOf(request: ImageRequest): Key {
  return requestKey({ ...request, revision: 0 })
}

function withoutImages(error: unknown): Pick<Awaited<ReturnType<Pipeline['plan']>>, 'images'> {
  if (error instanceof ImagegenError) return { images: [] }
  throw error
}
