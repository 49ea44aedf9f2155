import { formatImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import { decisionOf } from '../../originals/store/entry/decision.ts'
import type { Key } from '../../plan/image-request.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import type { Selection } from '../project/selection.ts'
import { type DecidingDeps, planOwn, problemOf, undecidable } from './deciding.ts'
import type { KeepOptions, KeepReport, KeptImage } from './decision-report.ts'
import {
  changedOnly,
  type EarlierVersion,
  findEarlierVersions,
  OFFERED,
} from './earlier-versions.ts'

/** Everything but another revision, which asks for another picture. */
const KEEPABLE = ['model', 'prompt', 'size', 'params', 'references'] as const

/** What one call works with. */
interface Keeping extends DecidingDeps {
  /** Images by their names, each of which gets an answer. */
  readonly isNamed: boolean
  readonly because: KeepOptions['because']
  readonly dryRun: boolean
  /** Images whose picture could not be kept. */
  readonly failed: Set<ImageKey>
}

/** Lets the selected images keep their earlier pictures. Requests nothing. */
export async function keepImages(
  deps: DecidingDeps,
  selection: Selection,
  { because, dryRun = false }: KeepOptions,
): Promise<KeepReport> {
  const isNamed = selection.images !== undefined
  const keeping: Keeping = { ...deps, isNamed, because, dryRun, failed: new Set() }
  const before = await planOwn(selection, deps)
  const own = new Set(before.map(({ id }) => imageKey(id)))
  const versions = await findEarlierVersions(
    deps,
    { selection },
    version =>
      own.has(imageKey(version.image.id)) && explainRefusal(version, keeping) === undefined,
  )
  const byImage = new Map(versions.map(version => [imageKey(version.image.id), version]))
  const byKey = new Map(versions.map(version => [version.key, version]))
  // A blocked image has no key, and two images may share a request.
  const find = ({ id, key }: PlannedImage) => byImage.get(imageKey(id)) ?? (key && byKey.get(key))
  const images: KeptImage[] = []
  for (const planned of before) {
    const kept = await keepImage(planned, find(planned), keeping)
    if (kept?.outcome === 'failed') keeping.failed.add(imageKey(planned.id))
    if (kept) images.push(kept)
  }
  return { dryRun, images }
}

/** Undefined for an image that nobody named and that has nothing to keep. */
async function keepImage(
  planned: PlannedImage,
  version: EarlierVersion | undefined,
  keeping: Keeping,
): Promise<KeptImage | undefined> {
  const { id: image } = planned
  if (!version) return explainLack(planned, keeping)
  const { key, changes, earlier } = version
  const known = { image, key, from: earlier.key, createdAt: earlier.createdAt, changes }
  const refusal = explainRefusal(version, keeping)
  if (refusal !== undefined) {
    return keeping.isNamed ? { ...known, outcome: 'failed', problem: refusal } : undefined
  }
  const lacking = planned.dependsOn.find(id => keeping.failed.has(imageKey(id)))
  if (lacking) {
    const problem = `${formatImageId(image)} refers to ${formatImageId(lacking)}, whose picture was not kept.`
    return { ...known, outcome: 'failed', problem }
  }
  if (keeping.dryRun) return { ...known, outcome: 'kept' }
  try {
    const wanted = { key, request: version.request, image }
    const { outcome, original } = await keeping.originals.decisions.keep(wanted, earlier.key)
    if (outcome === 'stored' || decisionOf(original.entry)?.kind === 'kept') {
      return { ...known, outcome: outcome === 'stored' ? 'kept' : 'present' }
    }
    const problem = `${formatImageId(image)} got another picture meanwhile, from another process or machine. That picture stays.`
    return { ...known, outcome: 'failed', problem }
  } catch (error) {
    return { ...known, outcome: 'failed', problem: problemOf(error) }
  }
}

/** Why a version is not to be kept, as a sentence; undefined when it is. */
function explainRefusal(
  version: EarlierVersion,
  { because, isNamed }: Keeping,
): string | undefined {
  const { image, earlier, request } = version
  const subject = formatImageId(image.id)
  if (version.changes.includes('revision')) {
    return `${subject}: its revision changed from ${earlier.request.revision} to ${request.revision}, which asks for another picture. Set it back to keep the existing picture.`
  }
  const allowed = because ?? (isNamed ? KEEPABLE : OFFERED)
  if (changedOnly(version, allowed)) return undefined
  const other = version.changes.filter(part => !allowed.includes(part)).join(' and ')
  return `${subject} was not kept: not only its ${allowed.join(' or ')} changed, but also its ${other}.`
}

async function explainLack(
  planned: PlannedImage,
  { isNamed, originals }: Keeping,
): Promise<KeptImage | undefined> {
  if (!isNamed) return undefined
  const { id: image, key } = planned
  const known = { image, ...(key !== undefined && { key }) }
  const problem = undecidable(planned)
  if (problem !== undefined) return { ...known, outcome: 'failed', problem }
  const subject = formatImageId(image)
  if (planned.status.state !== 'ready' || key === undefined) {
    return {
      ...known,
      outcome: 'failed',
      problem: `${subject}: no original belongs to an earlier version of it, so there is nothing to keep. Use \`imagegen adopt\` to take a picture from a file.`,
    }
  }
  const from = await keptFrom(key, originals)
  if (from !== undefined) return { ...known, outcome: 'present', from }
  return {
    ...known,
    outcome: 'failed',
    problem: `${subject} already has an original for its current request, so there is nothing to keep.`,
  }
}

async function keptFrom(key: Key, originals: DecidingDeps['originals']): Promise<Key | undefined> {
  const found = await originals.status(key)
  const decision = found.state === 'ready' ? decisionOf(found.original.entry) : undefined
  return decision?.kind === 'kept' ? decision.from : undefined
}
