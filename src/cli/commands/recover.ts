import path from 'node:path'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { RecheckedAnswer } from '../../originals/recovery/recheck-quarantine.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { explainState } from '../../plan/explain-state.ts'
import type { Key } from '../../plan/image-request.ts'
import type { ImageStateName } from '../../plan/image-state.ts'
import { type CommandBody, selectsAll } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { messageOf } from '../output/error-output.ts'
import {
  type RecoverDocument,
  type RecoveredImage,
  renderRecovery,
  summarize,
} from '../output/recover-document.ts'
import { selectImages } from '../select-images.ts'
import { showWarnings } from '../store/transfer.ts'

interface RecoverFlags {
  readonly dryRun?: boolean
}

export const recoverCommand: DefineCommand = run =>
  imagesCommand(
    'recover',
    'turn quarantined answers into originals',
    'Checks again the answers that earlier runs could not use, for example after you raised limits.pixels or updated. A usable picture becomes the original of its image; everything else stays in quarantine. Sends nothing and needs no API key.',
  )
    .option('--dry-run', 'check only, and keep nothing')
    .addHelpText(
      'after',
      examples([
        ['imagegen recover', 'every answer in quarantine'],
        ['imagegen recover --dry-run', 'show what would be kept'],
        ['imagegen recover src/site.image.yaml#hero', 'one image'],
      ]),
    )
    .action((args: string[], flags: RecoverFlags) => run(recover, args, flags))

const recover: CommandBody<RecoverFlags> = async (session, args, { dryRun = false }) => {
  const pipeline = await session.openPipeline()
  const selection = await selectImages(pipeline, args, session)
  const endWarnings = showWarnings(pipeline, session.context)
  const { originals } = pipeline
  const { planned, faults } = await planSelected(pipeline, selection)
  for (const fault of faults) session.errors.write(`error ${messageOf(fault)}\n`)
  const interrupted = dryRun ? [] : (await originals.recover()).committed
  const { answers, unknown } = await originals.recheckQuarantine({
    dryRun,
    ...(!selectsAll(selection) && { selects: createFilter(selection, planned, pipeline) }),
  })
  endWarnings()
  const judged = new Set(answers.map(({ key }) => key))
  const elsewhere = planned.filter(({ key, state }) => state === 'unusable' && !judged.has(key))
  const images = [
    ...answers.map(describeAnswer),
    ...elsewhere.map(({ id, key, problem }) =>
      describe(id, { key, outcome: 'elsewhere', files: [], ...(problem && { problem }) }),
    ),
  ]
  const json: RecoverDocument = {
    version: 1,
    dryRun,
    images,
    interrupted,
    unknown: selectsAll(selection) ? unknown : [],
    summary: summarize(images),
  }
  const { unusable, elsewhere: away } = json.summary
  return {
    json,
    text: renderRecovery(json, session.colors),
    exitCode: unusable + away + faults.length > 0 ? 1 : 0,
  }
}

interface Planned {
  readonly id: ImageId
  readonly key: Key
  readonly state: ImageStateName
  readonly problem: string | undefined
}

/** The selected images whose key is known, before anything is judged; a faulty manifest is left out. */
async function planSelected(
  pipeline: InternalPipeline,
  { manifests, images }: Selection,
): Promise<{ readonly planned: readonly Planned[]; readonly faults: readonly ImagegenError[] }> {
  const wanted = images && new Set(images.map(imageKey))
  const planned: Planned[] = []
  const faults: ImagegenError[] = []
  for (const file of manifests ?? (await pipeline.discover())) {
    try {
      const inspected = await pipeline.inspect(file)
      for (const {
        planned: { id, key, status },
      } of inspected.images) {
        if (key === undefined || wanted?.has(imageKey(id)) === false) continue
        planned.push({ id, key, state: status.state, problem: explainState(status) })
      }
    } catch (error) {
      if (!(error instanceof ImagegenError)) throw error
      faults.push(error)
    }
  }
  return { planned, faults }
}

/** By image, under any earlier prompt, and by request, under any earlier name. */
function createFilter(
  { manifests = [], images }: Selection,
  planned: readonly Planned[],
  { options: { root } }: InternalPipeline,
) {
  const keys = new Set(planned.map(({ key }) => key))
  const names = images && new Set(images.map(imageKey))
  const files = new Set(manifests)
  return ({ key, image }: Pick<RecheckedAnswer, 'key' | 'image'>): boolean =>
    keys.has(key) ||
    (names ? names.has(imageKey(image)) : files.has(path.join(root, image.manifest)))
}

function describeAnswer({ image, key, verdict, problem, files }: RecheckedAnswer): RecoveredImage {
  return describe(image, { key, outcome: verdict, files, ...(problem && { problem }) })
}

function describe(
  { manifest, name }: ImageId,
  rest: Omit<RecoveredImage, 'manifest' | 'name'>,
): RecoveredImage {
  return { manifest, name, ...rest }
}
