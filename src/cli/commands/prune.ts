import { formatImageId } from '../../manifest/image-id.ts'
import type { StoredOriginal } from '../../originals/original.ts'
import type { SharedOriginal } from '../../originals/store/shared/shared-originals.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import type { Key } from '../../plan/image-request.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import { type CommandBody, selectsAll } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand, parseAge } from '../define-command.ts'
import { findResembled } from '../findings/explain-change.ts'
import { findNeededImages } from '../findings/needed-images.ts'
import { findUnneededOriginals } from '../findings/unneeded-originals.ts'
import { count, renderTable } from '../output/format.ts'
import { noManifestFound, selectImages } from '../select-images.ts'
import { deleteRenditions } from '../store/delete-renditions.ts'
import { requireStore } from '../store/transfer.ts'
import type { Colors } from '../terminal.ts'

interface PruneFlags {
  readonly yes?: boolean
  readonly olderThan?: number
  readonly renditions?: boolean
  readonly store?: boolean
}

/** From the directory, or from the shared store, which also says when it came there. */
type Prunable = StoredOriginal & Partial<Pick<SharedOriginal, 'modified'>>

interface Candidate {
  readonly key: Key
  /** ISO 8601. */
  readonly createdAt: string
  readonly ageDays: number
  /** Bytes of picture and entry. */
  readonly bytes: number
  readonly size: string
  /** The image that it looks like an earlier version of. */
  readonly resembles?: string
}

/** What `imagegen prune --json` prints. */
export interface PruneDocument {
  readonly version: 1
  /** Whether they were deleted, or only listed. */
  readonly deleted: boolean
  /** `s3://bucket/prefix`, with `--store`. */
  readonly store?: string
  readonly originals: readonly Candidate[]
  /** Originals that nothing seems to need, and that stay all the same. */
  readonly kept: readonly { readonly key: string; readonly reason: string }[]
  readonly renditions?: { readonly folder: string; readonly deleted: boolean }
  readonly summary: { readonly originals: number; readonly bytes: number }
}

export const pruneCommand: DefineCommand = run =>
  imagesCommand(
    'prune',
    'list or delete what no manifest needs',
    'Lists the originals that no manifest needs: of this project, of others that share its cache, and of those that builds on this machine used. Nothing is deleted without --yes. Other branches may need what this one does not.',
  )
    .option('--yes', 'delete them')
    .option('--older-than <age>', 'only those older than 12h, 30d, 6w …', parseAge)
    .option(
      '--store',
      'in the shared store instead of this machine; only what came there 30 days ago or earlier, unless --older-than says otherwise',
    )
    .option('--renditions', 'also delete the renditions, which are made anew when needed')
    .addHelpText(
      'after',
      examples([
        ['imagegen prune', 'list what no manifest needs'],
        ['imagegen prune --older-than 30d --yes', 'delete what is older than a month'],
        ['imagegen prune src/site.image.yaml#hero', 'earlier versions of one image'],
        ['imagegen prune --renditions --yes', 'start with fresh renditions'],
        ['imagegen prune --store', 'list what the shared store has for no manifest'],
      ]),
    )
    .action((args: string[], flags: PruneFlags) => run(prune, args, flags))

const prune: CommandBody<PruneFlags> = async (session, args, flags) => {
  const { context, colors } = session
  const pipeline = await session.openPipeline({ whateverBuildsUse: true })
  // Builds may use manifests that the command does not find by itself.
  const selection = await selectImages(pipeline, args, { context, flags: { allowEmpty: true } })
  const shared = flags.store ? requireStore(pipeline, 'read-write') : undefined
  const { originals, images } = await findUnneededOriginals<Prunable>(
    shared?.list() ?? pipeline.originals.list(),
    () => findNeededImages(pipeline, context),
  )
  if (images.length === 0 && !session.flags.allowEmpty) throw noManifestFound(pipeline.options)
  const reasons = await findReasonsToKeep(pipeline, originals, images)
  const resembled = resemblances(originals, images)
  const selected = await selectedNames(pipeline, selection)
  const candidates = originals
    .filter(({ key }) => !reasons.has(key))
    .map(original => describeCandidate(original, resembled.get(original.key), context.now()))
    .filter(({ ageDays }) => ageDays * DAY >= (flags.olderThan ?? (shared ? 30 * DAY : 0)))
    .filter(({ resembles }) => selectsAll(selection) || selected.has(resembles))
    .sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))
  const deleted = flags.yes === true
  if (deleted && shared) await shared.remove(candidates.map(({ key }) => key))
  else if (deleted) for (const { key } of candidates) await pipeline.originals.remove(key)
  const { renditionsDir } = pipeline.options
  if (deleted && flags.renditions) await deleteRenditions(renditionsDir)
  const json: PruneDocument = {
    version: 1,
    deleted,
    ...(shared && { store: shared.label }),
    originals: candidates,
    kept: [...reasons].map(([key, reason]) => ({ key, reason })),
    ...(flags.renditions && { renditions: { folder: renditionsDir, deleted } }),
    summary: {
      originals: candidates.length,
      bytes: candidates.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  }
  return { json, text: renderDocument(json, colors), exitCode: 0 }
}

const DAY = 86_400_000

/** What looks unneeded and may be needed all the same. */
async function findReasonsToKeep(
  pipeline: Pipeline,
  originals: readonly StoredOriginal[],
  images: readonly PlannedImage[],
): Promise<ReadonlyMap<string, string>> {
  const open = await pipeline.originals.openKeys()
  const undecided = images.filter(image => image.key === undefined)
  const reasons = new Map<string, string>()
  for (const { key, entry } of originals) {
    if (open.has(key)) {
      reasons.set(key, 'an attempt at it is still open in the journal')
    } else if (undecided[0] && entry.request.endpoint === 'edits') {
      // Its key depends on pictures that are not there, so nobody can tell whether this is it.
      const { name } = undecided[0].id
      reasons.set(key, `it may belong to ${name}, whose references are missing`)
    }
  }
  return reasons
}

/** Originals have no names; the image whose request is most alike is what people recognise them by. */
function resemblances(
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
): Candidate {
  // What was bought long ago may have been shared just now.
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

/** Names of the selected images, without what they refer to. */
async function selectedNames(
  pipeline: Pipeline,
  { images, manifests = [] }: Selection,
): Promise<ReadonlySet<string | undefined>> {
  if (images) return new Set(images.map(formatImageId))
  const read = await Promise.all(manifests.map(file => pipeline.manifest(file)))
  return new Set(read.flatMap(manifest => manifest.images.map(({ id }) => formatImageId(id))))
}

function renderDocument(
  { deleted, store, originals, kept, renditions, summary }: PruneDocument,
  colors: Colors,
): string {
  const lines: string[] = []
  if (originals.length > 0) {
    const rows = originals.map(({ key, ageDays, bytes, size, resembles }) => [
      key.slice(0, 12),
      renderAge(ageDays),
      formatBytes(bytes),
      size,
      resembles ? `like ${resembles}` : '',
    ])
    lines.push(
      renderTable(rows, (cell, _, column) => (column === 4 ? colors.dim(cell) : cell)),
      '',
    )
  }
  for (const { key, reason } of kept) {
    lines.push(colors.dim(`${key.slice(0, 12)} stays: ${reason}.`))
  }
  const where = store === undefined ? '' : ` in ${store}`
  const found = `${count(summary.originals, 'original')}${where} that no manifest needs, ${formatBytes(summary.bytes)}`
  if (summary.originals === 0)
    lines.push(`There is nothing to prune${where}: every original is needed.`)
  else if (deleted) lines.push(`Deleted ${found}.`)
  else if (store !== undefined) {
    lines.push(
      `${found}. Other branches and projects may use the same store. Nothing was deleted; add --yes to do that.`,
    )
  } else lines.push(`${found}. Nothing was deleted; add --yes to do that.`)
  if (renditions) {
    const verb = renditions.deleted ? 'Deleted' : 'Would delete'
    lines.push(`${verb} the renditions in ${renditions.folder}.`)
  }
  return lines.join('\n')
}

function renderAge(days: number): string {
  if (days < 1 / 24) return 'less than an hour old'
  if (days < 1) return `${count(Math.floor(days * 24), 'hour')} old`
  return `${count(Math.floor(days), 'day')} old`
}
