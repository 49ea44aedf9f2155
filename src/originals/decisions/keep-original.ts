import { CorruptOriginalError, StoreError } from '../../errors/index.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { Key } from '../../plan/image-request.ts'
import type { Original } from '../original.ts'
import { type Decided, type DecidedRequest, type DecisionDeps, storeDecided } from './decide.ts'
import { keptEntry } from './decided-entry.ts'

/**
 * Lets the picture of an earlier request stay for another one. Requests nothing.
 * @throws StoreError, CorruptOriginalError, NewerVersionError
 */
export async function keepOriginal(
  wanted: DecidedRequest,
  from: Key,
  deps: DecisionDeps,
): Promise<Decided> {
  const earlier = await findEarlier(wanted, from, deps)
  return storeDecided(wanted, deps, {
    path: earlier.path,
    entry: async () => keptEntry(earlier.entry, wanted, await deps.journal.read(wanted.key)),
  })
}

async function findEarlier(
  { image }: DecidedRequest,
  from: Key,
  { store }: DecisionDeps,
): Promise<Original> {
  const found = await store.status(from)
  const subject = formatImageId(image)
  if (found.state === 'ready') {
    await store.verify(found.original)
    return found.original
  }
  if (found.state === 'corrupt') throw new CorruptOriginalError(`${subject}: ${found.problem}`)
  throw new StoreError(
    `${subject}: there is no original ${from} to keep. Run \`imagegen plan\` to see the originals.`,
  )
}
