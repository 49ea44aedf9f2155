import { imageKey } from '../../manifest/image-id.ts'
import { keptEntry } from '../../originals/decisions/decided-entry.ts'
import type { Original, OriginalEntry, StoredOriginal } from '../../originals/original.ts'
import type { Originals } from '../../originals/originals.ts'
import { matchEarlierVersions } from '../../plan/earlier/match-earlier.ts'
import { changedParts, type RequestPart } from '../../plan/earlier/request-change.ts'
import type { ImageRequest, Key } from '../../plan/image-request.ts'
import type { ImageStateName } from '../../plan/image-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import type { Selection } from '../project/selection.ts'

/** An image without a picture, and the original that looks like its earlier version. */
export interface EarlierVersion {
  readonly image: PlannedImage
  /** Of the image's present request. */
  readonly key: Key
  readonly request: ImageRequest
  readonly earlier: OriginalEntry
  /** What changed between the two requests. */
  readonly changes: readonly RequestPart[]
}

export interface EarlierVersionsDeps {
  readonly originals: Pick<Originals, 'list' | 'status'>
  /** @param assumed originals that count as if they were there, by their keys */
  plan(selection: Selection, assumed?: ReadonlyMap<Key, Original>): Promise<Plan>
}

/** What one search knows so far. */
interface Search {
  readonly deps: EarlierVersionsDeps
  readonly selection: Selection
  /** Every original, the newest first: of several that are as like, the last one counts. */
  readonly stored: readonly StoredOriginal[]
  readonly found: Map<Key, EarlierVersion>
  readonly assumed: Map<Key, Original>
}

export interface EarlierVersionsOptions {
  /** Images besides those of the project's manifests. */
  readonly selection: Selection
  /** The plan of the whole project, where one was made a moment ago. @default made anew */
  readonly planned?: Plan
}

/** States of a key in which a picture can be kept for it. */
const OPEN: readonly ImageStateName[] = ['missing', 'uncertain', 'unusable', 'refused']

/** What people keep a picture in spite of, unless they name more: the request's words, or its model. */
export const OFFERED: readonly RequestPart[] = ['model', 'prompt']

/** Whether only such parts of a request changed. Pure. */
export function changedOnly(
  { changes }: Pick<EarlierVersion, 'changes'>,
  parts: readonly RequestPart[],
): boolean {
  return changes.every(part => parts.includes(part))
}

/**
 * The earlier versions of the images of a project that have no picture, each after those that it
 * refers to. Originals have no names, so the unneeded one whose request differs least counts as an
 * image's earlier version, and each counts for one request only. Whose references are missing is
 * found as soon as these count as kept.
 * @param keeps whether an image counts as kept for those that refer to it
 */
export async function findEarlierVersions(
  deps: EarlierVersionsDeps,
  { selection, planned }: EarlierVersionsOptions,
  keeps: (version: EarlierVersion) => boolean,
): Promise<readonly EarlierVersion[]> {
  const search: Search = {
    deps,
    selection,
    stored: await listNewestFirst(deps.originals),
    found: new Map(),
    assumed: new Map(),
  }
  let images = planned?.images ?? (await planWhole(search))
  for (;;) {
    const versions = matchOpen(images, search)
    for (const version of versions) search.found.set(version.key, version)
    const kept = versions.filter(keeps)
    const isBlocked = images.some(({ status }) => status.state === 'blocked')
    if (kept.length === 0 || !isBlocked) return [...search.found.values()]
    for (const version of kept) await assume(version, search)
    images = await planWhole(search)
  }
}

async function listNewestFirst({
  list,
}: EarlierVersionsDeps['originals']): Promise<readonly StoredOriginal[]> {
  // Listed before the manifests are read: a build may add originals meanwhile, which these then need.
  const stored: StoredOriginal[] = []
  for await (const original of list()) stored.push(original)
  return stored.sort((a, b) => (a.entry.createdAt > b.entry.createdAt ? -1 : 1))
}

/** All images of the project, and the selected ones. */
async function planWhole({ deps, selection, assumed }: Search): Promise<readonly PlannedImage[]> {
  const { images } = await deps.plan({}, assumed)
  if (!selection.manifests && !selection.images) return images
  const more = await deps.plan(selection, assumed)
  return [
    ...new Map([...images, ...more.images].map(image => [imageKey(image.id), image])).values(),
  ]
}

function matchOpen(
  images: readonly PlannedImage[],
  { stored, found }: Search,
): readonly EarlierVersion[] {
  const needed = new Set(images.flatMap(image => [image.key, image.earlierKey, image.promptKey]))
  const used = new Set([...found.values()].map(({ earlier }) => earlier.key))
  const unneeded = stored.filter(({ key }) => !needed.has(key) && !used.has(key))
  const wanted = images.flatMap(image => {
    const { key, request, status } = image
    if (key === undefined || !request || found.has(key) || !OPEN.includes(status.state)) return []
    return [[key, { id: key, image, key, request }] as const]
  })
  const spare = unneeded.map(({ key, entry }) => ({ key, entry, request: entry.request }))
  const pairs = matchEarlierVersions([...new Map(wanted).values()], spare)
  return pairs.map(({ image: { image, key, request }, original: { entry } }) => ({
    image,
    key,
    request,
    earlier: entry,
    changes: changedParts(entry.request, request),
  }))
}

async function assume(
  { key, request, earlier }: EarlierVersion,
  { deps: { originals }, assumed }: Search,
): Promise<void> {
  const found = await originals.status(earlier.key)
  if (found.state !== 'ready') return
  const { path } = found.original
  assumed.set(key, { entry: keptEntry(earlier, { key, request }), path })
}
