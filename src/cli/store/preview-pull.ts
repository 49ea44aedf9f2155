import { withoutNetwork } from '../../config/without-network.ts'
import { CorruptOriginalError } from '../../errors/corrupt-original-error.ts'
import { formatImageId, imageKey } from '../../manifest/image-id.ts'
import type { Original, OriginalEntry } from '../../originals/original.ts'
import type { SharedOriginals } from '../../originals/store/shared/shared-originals.ts'
import { createPipeline } from '../../pipeline/engine/create-pipeline.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import type { Key } from '../../plan/image-request.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import type { Transfer, Transferred } from './transfer.ts'

/**
 * What `imagegen pull` would copy of a selection, or of all there is. Reads entries of the store, and
 * copies nothing.
 */
export async function previewPull(
  { options }: InternalPipeline,
  shared: SharedOriginals,
  wanted: Selection | 'all',
): Promise<readonly Transfer[]> {
  const offline = createPipeline(withoutNetwork(options))
  try {
    if (wanted === 'all') return await previewAll(offline, shared)
    const assumed = new Map<Key, Original>()
    const { images } = await planAsPulled(offline, shared, { selection: wanted, assumed })
    const selected = await selectedImages(offline, wanted, images)
    return selected.map(image => ({
      label: formatImageId(image.id),
      copy: async () => previewImage(image, assumed),
    }))
  } finally {
    await offline.close()
  }
}

interface PulledPlan {
  readonly selection: Selection
  /** Gets the entries of the store that the plan comes to. */
  readonly assumed: Map<Key, Original>
}

/** A picture of the store decides the key of each image that refers to it, which is found in turn. */
async function planAsPulled(
  offline: InternalPipeline,
  shared: SharedOriginals,
  { selection, assumed }: PulledPlan,
): Promise<Plan> {
  const asked = new Set<Key>()
  for (;;) {
    const plan = await offline.planWith(assumed, selection)
    let isNews = false
    for (const { key, earlierKey, status } of plan.images) {
      if (key === undefined || status.state !== 'missing' || asked.has(key)) continue
      asked.add(key)
      const entry = (await shared.find(key)) ?? (earlierKey && (await shared.find(earlierKey)))
      if (!entry) continue
      assumed.set(key, asOriginal(entry))
      isNews = true
    }
    if (!isNews) return plan
  }
}

/** Without a file: a plan reads entries alone. */
function asOriginal(entry: OriginalEntry): Original {
  return { entry, path: '' }
}

/** Without what they refer to, which a pull reads all the same. */
async function selectedImages(
  offline: InternalPipeline,
  { manifests, images }: Selection,
  planned: readonly PlannedImage[],
): Promise<readonly PlannedImage[]> {
  const files = manifests ?? (await offline.discover())
  const own = await Promise.all(files.map(async file => (await offline.manifest(file)).images))
  const wanted = new Set((images ?? own.flat().map(({ id }) => id)).map(imageKey))
  return planned.filter(({ id }) => wanted.has(imageKey(id)))
}

function previewImage(
  { key, status }: PlannedImage,
  assumed: ReadonlyMap<Key, Original>,
): Transferred {
  if (status.state === 'corrupt') throw new CorruptOriginalError(status.problem)
  if (key === undefined || status.state !== 'ready') return { outcome: 'missing' }
  const pulled = assumed.get(key)
  return pulled ? { outcome: 'copied', bytes: pulled.entry.size } : { outcome: 'present' }
}

async function previewAll(
  offline: InternalPipeline,
  shared: SharedOriginals,
): Promise<readonly Transfer[]> {
  const here = new Set<Key>()
  for await (const { key } of offline.originals.list()) here.add(key)
  const transfers: Transfer[] = []
  for await (const key of shared.keys()) {
    transfers.push({
      label: key.slice(0, 12),
      async copy() {
        if (here.has(key)) return { outcome: 'present' }
        const entry = await shared.find(key)
        return entry ? { outcome: 'copied', bytes: entry.size } : { outcome: 'missing' }
      },
    })
  }
  return transfers
}
