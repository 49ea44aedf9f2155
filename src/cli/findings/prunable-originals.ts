import { formatImageId } from '../../manifest/image-id.ts'
import type { StoredOriginal } from '../../originals/original.ts'
import type { SharedOriginal } from '../../originals/store/shared/shared-originals.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { findResembled } from '../../plan/earlier/match-earlier.ts'
import type { Key } from '../../plan/image-request.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import type { PruneCandidate } from '../output/prune-document.ts'
import type { UnneededOriginals } from './unneeded-originals.ts'

/** From the directory, or from the shared store, which also says when it came there. */
export type Prunable = StoredOriginal & Partial<Pick<SharedOriginal, 'modified'>>

export interface PruneScope {
  readonly pipeline: Pick<Pipeline, 'originals'>
  /** Milliseconds. */
  readonly leastAge: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** Takes the image that an original resembles. */
  isSelected(image: string | undefined): boolean
}

export interface PrunableOriginals {
  /** The oldest first. */
  readonly candidates: readonly PruneCandidate[]
  /** Why originals stay that nothing seems to need, by key. */
  readonly reasons: ReadonlyMap<Key, string>
}

const DAY = 86_400_000

/** What may be pruned of the originals that no manifest needs. */
export async function findPrunableOriginals(
  { originals, images }: UnneededOriginals<Prunable>,
  { pipeline, leastAge, now, isSelected }: PruneScope,
): Promise<PrunableOriginals> {
  const reasons = await findReasonsToKeep(pipeline, originals, images)
  const resembled = findResemblances(originals, images)
  const candidates = originals
    .filter(({ key }) => !reasons.has(key))
    .map(original => describeCandidate(original, resembled.get(original.key), now))
    .filter(({ ageDays }) => ageDays * DAY >= leastAge)
    .filter(({ resembles }) => isSelected(resembles))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  return { candidates, reasons }
}

/** What looks unneeded and may be needed all the same. */
async function findReasonsToKeep(
  { originals: stored }: Pick<Pipeline, 'originals'>,
  originals: readonly StoredOriginal[],
  images: readonly PlannedImage[],
): Promise<ReadonlyMap<Key, string>> {
  const open = await stored.openKeys()
  const undecided = images.filter(image => image.key === undefined)
  const reasons = new Map<Key, string>()
  for (const { key, entry } of originals) {
    if (open.has(key)) {
      reasons.set(key, 'the journal has an open attempt for it')
    } else if (undecided[0] && entry.request.endpoint === 'edits') {
      // Its key depends on missing pictures, so this original may be the image's.
      const { name } = undecided[0].id
      reasons.set(key, `it may belong to ${name}, which has missing references`)
    }
  }
  return reasons
}

/** Originals have no names; the image whose request is most alike is what people recognise them by. */
function findResemblances(
  originals: readonly StoredOriginal[],
  images: readonly PlannedImage[],
): ReadonlyMap<string, string> {
  const wanted = images.flatMap(({ id, request }) =>
    request ? [{ id: formatImageId(id), request }] : [],
  )
  const requested = originals.map(({ key, entry }) => ({ key, request: entry.request }))
  return new Map([...findResembled(requested, wanted)].map(([key, { id }]) => [key, id]))
}

function describeCandidate(
  { key, entry, size, modified }: Prunable,
  resembles: string | undefined,
  now: number,
): PruneCandidate {
  // An old original may have come to the store just now.
  const since = modified?.getTime() ?? Date.parse(entry.createdAt)
  return {
    key,
    createdAt: entry.createdAt,
    ageDays: Math.max(0, Math.round(((now - since) / DAY) * 100) / 100),
    bytes: size,
    size: entry.request.size,
    ...(resembles && { resembles }),
  }
}
