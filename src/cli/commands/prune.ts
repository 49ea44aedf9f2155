import { formatImageId } from '../../manifest/image-id.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { type CommandBody, selectsAll } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand, parseAge } from '../define-command.ts'
import { findNeededImages } from '../findings/needed-images.ts'
import { findPrunableOriginals, type Prunable } from '../findings/prunable-originals.ts'
import { findUnneededOriginals } from '../findings/unneeded-originals.ts'
import { type PruneDocument, renderPruning } from '../output/prune-document.ts'
import { noManifestFound, selectImages } from '../select-images.ts'
import { deleteRenditions } from '../store/delete-renditions.ts'
import { requireStore } from '../store/transfer.ts'

interface PruneFlags {
  readonly yes?: boolean
  readonly olderThan?: number
  readonly renditions?: boolean
  readonly store?: boolean
}

export const pruneCommand: DefineCommand = run =>
  imagesCommand(
    'prune',
    'list or delete originals that no manifest needs',
    'Lists originals that no manifest needs: no manifest of this project, of projects that share its cache, or of builds on this machine. Deletes nothing without --yes. Other branches may still need an original that this branch does not.',
  )
    .option('--yes', 'delete them')
    .option(
      '--older-than <age>',
      'only originals older than this, such as 12h, 30d or 6w',
      parseAge,
    )
    .option(
      '--store',
      'prune the shared store instead of this machine: originals that are at least 30 days there, or --older-than',
    )
    .option('--renditions', 'also delete renditions; builds make them again')
    .addHelpText(
      'after',
      examples([
        ['imagegen prune', 'list unneeded originals'],
        ['imagegen prune --older-than 30d --yes', 'delete those older than a month'],
        ['imagegen prune src/site.image.yaml#hero', 'earlier versions of one image'],
        ['imagegen prune --renditions --yes', 'start with fresh renditions'],
        ['imagegen prune --store', 'list unneeded originals of the shared store'],
      ]),
    )
    .action((args: string[], flags: PruneFlags) => run(prune, args, flags))

/** Milliseconds. Other branches may need what came to the shared store just now. */
const SHARED_AGE = 30 * 86_400_000

const prune: CommandBody<PruneFlags> = async (session, args, flags) => {
  const { context, colors } = session
  const pipeline = await session.openPipeline({ whateverBuildsUse: true })
  // Builds may use manifests that the command does not find by itself.
  const selection = await selectImages(pipeline, args, { context, flags: { allowEmpty: true } })
  const shared = flags.store ? requireStore(pipeline, 'read-write') : undefined
  const unneeded = await findUnneededOriginals<Prunable>(
    shared?.list() ?? pipeline.originals.list(),
    () => findNeededImages(pipeline, context),
  )
  if (unneeded.images.length === 0 && !session.flags.allowEmpty) {
    throw await noManifestFound(pipeline.options)
  }
  const selected = await selectedNames(pipeline, selection)
  const { candidates, reasons } = await findPrunableOriginals(unneeded, {
    pipeline,
    leastAge: flags.olderThan ?? (shared ? SHARED_AGE : 0),
    now: context.now(),
    isSelected: image => selectsAll(selection) || selected.has(image),
  })
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
  return { json, text: renderPruning(json, colors), exitCode: 0 }
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
