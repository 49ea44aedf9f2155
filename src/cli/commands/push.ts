import { withoutNetwork } from '../../config/without-network.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { createPipeline } from '../../pipeline/engine/create-pipeline.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import type { Key } from '../../plan/image-request.ts'
import type { Plan } from '../../plan/plan.ts'
import type { CommandBody } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { leaveOutFaulty } from '../leave-out-faulty.ts'
import { selectImages } from '../select-images.ts'
import {
  requireStore,
  showWarnings,
  type Transfer,
  transfer,
  transferResult,
} from '../store/transfer.ts'

interface PushFlags {
  readonly all?: boolean
  readonly dryRun?: boolean
}

export const pushCommand: DefineCommand = run =>
  imagesCommand(
    'push',
    'copy originals to the shared store',
    'Copies originals of this machine to the shared store and verifies them. Signs them if IMAGEGEN_SIGNING_KEY is set. Originals in the store stay unchanged.',
  )
    .option('--all', 'also originals that no manifest needs')
    .option('--dry-run', 'show what would be copied and how many bytes, but send nothing')
    .addHelpText(
      'after',
      examples([
        ['imagegen push', 'originals that the manifests need'],
        ['imagegen push src/site.image.yaml', 'one manifest'],
        ['imagegen push --dry-run', 'what would be copied'],
        ['imagegen push --all', 'every original of the cache directory'],
      ]),
    )
    .action((args: string[], flags: PushFlags) => run(push, args, flags))

const push: CommandBody<PushFlags> = async (session, args, { all = false, dryRun = false }) => {
  const { context, colors } = session
  const pipeline = await session.openPipeline()
  const shared = requireStore(pipeline, 'read-write')
  const endWarnings = showWarnings(pipeline, context)
  const selected = await selectImages(pipeline, args, session)
  const { selection, faults } = await leaveOutFaulty(pipeline, selected, session.errors)
  const { images } = dryRun
    ? await planOffline(pipeline, selection)
    : await pipeline.plan(selection)
  const labels = new Map<Key, string>()
  for (const { id, key, status } of images) {
    if (key !== undefined && status.state !== 'missing') labels.set(key, formatImageId(id))
  }
  const sizes = new Map<Key, number>()
  for await (const { key, entry } of pipeline.originals.list()) {
    sizes.set(key, entry.size)
    if (all && !labels.has(key)) labels.set(key, key.slice(0, 12))
  }
  const transfers = [...labels].map(
    ([key, label]): Transfer => ({
      label,
      async copy() {
        const outcome = await shared.push(key, { dryRun })
        if (outcome !== 'stored') return { outcome }
        return { outcome: 'copied', bytes: sizes.get(key) ?? 0 }
      },
    }),
  )
  const originals = await transfer(transfers, context, dryRun)
  endWarnings()
  const { label: store } = shared
  return transferResult({ store, direction: 'to', originals, dryRun, faults, colors })
}

/** What this machine has: a plan over the store would copy from there what is missing here. */
async function planOffline({ options }: InternalPipeline, selection: Selection): Promise<Plan> {
  const offline = createPipeline(withoutNetwork(options))
  try {
    return await offline.plan(selection)
  } finally {
    await offline.close()
  }
}
