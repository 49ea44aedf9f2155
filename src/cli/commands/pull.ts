import path from 'node:path'
import { withoutNetwork } from '../../config/without-network.ts'
import { CorruptOriginalError } from '../../errors/corrupt-original-error.ts'
import { formatImageId, imageKey } from '../../manifest/image-id.ts'
import { copyOriginals } from '../../originals/copy-originals.ts'
import type { Originals } from '../../originals/originals.ts'
import type { SharedOriginals } from '../../originals/store/shared/shared-originals.ts'
import type { InternalPipeline, Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import type { Key } from '../../plan/image-request.ts'
import { hasEntries } from '../../project/read-folders.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CommandBody, CommandResult, CommandSession } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { leaveOutFaulty } from '../leave-out-faulty.ts'
import { selectImages } from '../select-images.ts'
import { previewPull } from '../store/preview-pull.ts'
import {
  requireStore,
  showWarnings,
  type Transfer,
  type Transferred,
  transfer,
  transferResult,
} from '../store/transfer.ts'
import { UsageError } from '../usage-error.ts'

interface PullFlags {
  readonly all?: boolean
  readonly from?: string
  readonly dryRun?: boolean
}

export const pullCommand: DefineCommand = run =>
  imagesCommand(
    'pull',
    'copy originals from the shared store or another cache',
    'Copies the originals that the manifests need from the shared store to this machine, and verifies them. Generates nothing.',
  )
    .option('--from <dir>', 'copy from another cache directory instead, to merge two caches')
    .option('--all', 'copy every original of the store')
    .option('--dry-run', 'show what would be copied and how many bytes, but copy nothing')
    .addHelpText(
      'after',
      examples([
        ['imagegen pull', 'originals that the manifests need'],
        ['imagegen pull src/site.image.yaml#hero', 'one image and its references'],
        ['imagegen pull --dry-run', 'what would be copied'],
        ['imagegen pull --all', 'every original of the store'],
        ['imagegen pull --from src/.imagegen', 'every original of another cache directory'],
      ]),
    )
    .action((args: string[], flags: PullFlags) => run(pull, args, flags))

const pull: CommandBody<PullFlags> = async (session, args, flags) => {
  const { all = false, from, dryRun = false } = flags
  if (from !== undefined) return pullFrom(session, path.resolve(session.context.cwd, from), dryRun)
  const { context, colors } = session
  const pipeline = await session.openPipeline()
  const shared = requireStore(pipeline, 'read-only')
  const endWarnings = showWarnings(pipeline, context)
  const given = await selectImages(pipeline, args, session)
  const { selection, faults } = await leaveOutFaulty(pipeline, given, session.errors)
  const transfers = await planPull(pipeline, shared, { selection, all, dryRun })
  const originals = await transfer(transfers, context, dryRun)
  endWarnings()
  const { label: store } = shared
  return transferResult({ store, direction: 'from', originals, dryRun, faults, colors })
}

function planPull(
  pipeline: InternalPipeline,
  shared: SharedOriginals,
  { selection, all, dryRun }: { selection: Selection; all: boolean; dryRun: boolean },
): Promise<readonly Transfer[]> {
  if (dryRun) return previewPull(pipeline, shared, all ? 'all' : selection)
  return all ? everything(pipeline.originals, shared) : selected(pipeline, selection)
}

async function pullFrom(
  session: CommandSession,
  from: string,
  dryRun: boolean,
): Promise<CommandResult> {
  const { context, colors } = session
  const pipeline = await session.openPipeline({ adjust: withoutNetwork, whateverBuildsUse: true })
  const { cacheDir: to, limits } = pipeline.options
  if (from === to || !(await hasEntries(from))) {
    throw new UsageError(
      from === to
        ? `${from} is this project's own cache. Name the other one.`
        : `${from} is not a cache: it has no folder \`entries\`. Name a cache directory, such as src/.imagegen.`,
    )
  }
  const { provePicture } = await import('../../renditions/encode/prove-picture.ts')
  const copies = copyOriginals({
    from,
    to,
    prove: file => provePicture(file, limits),
    onWarning: message => void context.stderr.write(`warning ${shownText(message)}\n`),
  })
  const transfers: Transfer[] = []
  let hasUnusable = false
  for await (const { key, kind, copy, compare } of copies) {
    if (kind === 'unusable') hasUnusable = true
    const name = key.slice(0, 12)
    const label = kind === 'unusable' ? `${name} (unusable answer)` : name
    transfers.push({ label, copy: dryRun ? compare : copy })
  }
  const originals = await transfer(transfers, context, dryRun)
  const result = transferResult({
    store: from,
    direction: 'from',
    originals,
    dryRun,
    faults: [],
    colors,
  })
  return dryRun ? result : withAdvice(result, { from, to, hasUnusable })
}

function withAdvice(
  result: ReturnType<typeof transferResult>,
  { from, to, hasUnusable }: { from: string; to: string; hasUnusable: boolean },
): CommandResult {
  const { failed, different, missing } = result.json.summary
  const advice =
    failed + different + missing === 0
      ? `${to} now has all of them. Delete ${from}.`
      : `Keep ${from} until you have checked the originals that differ or failed.`
  const quarantine = hasUnusable
    ? ` Unusable answers are not copied; they are in ${path.join(from, 'local/quarantine')}.`
    : ''
  return { ...result, text: `${result.text}\n${advice}${quarantine}` }
}

async function everything(
  originals: Originals,
  shared: SharedOriginals,
): Promise<readonly Transfer[]> {
  const keys: Key[] = []
  for await (const key of shared.keys()) keys.push(key)
  return keys.map(key => ({
    label: key.slice(0, 12),
    async copy() {
      const status = await originals.status(key)
      if (status.state === 'corrupt') throw new CorruptOriginalError(status.problem)
      return status.state === 'ready'
        ? copied(status.where, status.original.entry.size)
        : { outcome: 'missing' }
    },
  }))
}

/** One plan an image: its request may depend on pictures that also come from the store. */
async function selected(pipeline: Pipeline, selection: Selection): Promise<readonly Transfer[]> {
  const files = selection.manifests ?? (await pipeline.discover())
  const manifests = await Promise.all(files.map(file => pipeline.manifest(file)))
  const wanted = selection.images && new Set(selection.images.map(imageKey))
  return manifests.flatMap((manifest, index) =>
    manifest.images
      .filter(({ id }) => !wanted || wanted.has(imageKey(id)))
      .map(({ id }) => ({
        label: formatImageId(id),
        async copy(): Promise<Transferred> {
          const file = files[index]
          const plan = await pipeline.plan({ ...(file && { manifests: [file] }), images: [id] })
          const planned = plan.images.find(image => imageKey(image.id) === imageKey(id))
          const status = planned?.status
          if (status?.state === 'corrupt') throw new CorruptOriginalError(status.problem)
          if (planned?.key === undefined || status?.state !== 'ready') {
            return { outcome: 'missing' }
          }
          const found = await pipeline.originals.status(planned.key)
          return copied(status.where, found.state === 'ready' ? found.original.entry.size : 0)
        },
      })),
  )
}

function copied(where: 'local' | 'shared', bytes: number): Transferred {
  return where === 'shared' ? { outcome: 'copied', bytes } : { outcome: 'present' }
}
