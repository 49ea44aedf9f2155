import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { ImageId } from '../../../manifest/image-id.ts'
import type { InternalPipeline } from '../../../pipeline/pipeline.ts'
import { shownText } from '../../../text/shown-text.ts'
import type { CommandBody, CommandSession } from '../../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../../define-command.ts'
import { describeAdoption, renderAdoption } from '../../output/decision-document.ts'
import { selectImages } from '../../select-images.ts'
import { requireStore, showWarnings } from '../../store/transfer.ts'
import { UsageError } from '../../usage-error.ts'
import { writeTypes } from '../../write-types.ts'
import { undoResult } from './keep.ts'

interface AdoptFlags {
  readonly ai?: boolean
  readonly dryRun?: boolean
  readonly undo?: boolean
  readonly store?: boolean
}

export const adoptCommand: DefineCommand = run =>
  baseCommand(
    'adopt',
    'take a picture made elsewhere as an original',
    'Takes a picture from a file as the original of an image. Where the image has one already, the picture becomes that of its next revision, which is written into the manifest. Its renditions do not say that a model made it, unless --ai says so. Nothing is requested, and no API key is needed.',
  )
    .argument('<image>', 'manifest#image, or a manifest of a single image')
    .argument('[file]', 'a PNG, JPEG, WebP, AVIF, GIF or TIFF')
    .option('--ai', 'a model made it: mark its renditions as those of requested pictures')
    .option('--dry-run', 'check the file and show what would be done, and write nothing')
    .option('--undo', 'undo it: remove the entry, and restore the revision that the manifest named')
    .option('--store', 'with --undo: in the shared store too')
    .addHelpText(
      'after',
      examples([
        ['imagegen adopt src/site.image.yaml#hero hero.png', 'a picture that you made or mended'],
        ['imagegen adopt src/site.image.yaml#hero hero.png --ai', 'one that another model made'],
        ['imagegen adopt --undo src/site.image.yaml#hero', 'as it was before'],
      ]),
    )
    .action((image: string, file: string | undefined, flags: AdoptFlags) =>
      run(adopt, file === undefined ? [image] : [image, file], flags),
    )

const adopt: CommandBody<AdoptFlags> = async (session, [text = '', file], flags) => {
  const { context, colors } = session
  const { ai = false, dryRun = false, store = false } = flags
  checkUse(file, flags)
  const pipeline = await session.openPipeline()
  if (store) requireStore(pipeline, 'read-write')
  const image = await selectOne(pipeline, text, session)
  const endWarnings = showWarnings(pipeline, context)
  try {
    if (file === undefined) {
      const selection = { manifests: [image.manifest], images: [image] }
      const report = await pipeline.undo(selection, { kind: 'adopted', dryRun, shared: store })
      return undoResult(report, pipeline, session)
    }
    const picture = await requireFile(file, context.cwd)
    const report = await pipeline.adopt(image, picture, { ai, dryRun })
    for (const warning of report.warnings) {
      context.stderr.write(`warning ${shownText(warning)}\n`)
    }
    if (!dryRun) {
      const manifest = path.resolve(pipeline.options.root, image.manifest)
      await writeTypes(pipeline, { manifests: [manifest] }, context)
    }
    const json = describeAdoption(report)
    return { json, text: renderAdoption(json, colors), exitCode: 0 }
  } finally {
    endWarnings()
  }
}

/** @throws UsageError */
function checkUse(file: string | undefined, { undo, ai, store }: AdoptFlags): void {
  if (undo && (file !== undefined || ai)) {
    throw new UsageError('--undo takes the image alone: `imagegen adopt --undo IMAGE`.')
  }
  if (!undo && file === undefined) {
    throw new UsageError('Say which file is adopted: `imagegen adopt IMAGE FILE`.')
  }
  if (store && !undo) {
    throw new UsageError(
      '--store goes with --undo. Adopted pictures go to the shared store on their own, or by `imagegen push`.',
    )
  }
}

/** @throws UsageError when the argument selects several images */
async function selectOne(
  pipeline: InternalPipeline,
  text: string,
  session: CommandSession,
): Promise<ImageId> {
  const { manifests = [], images } = await selectImages(pipeline, [text], session)
  const read = images ? [] : await Promise.all(manifests.map(file => pipeline.manifest(file)))
  const found = images ?? read.flatMap(manifest => manifest.images.map(({ id }) => id))
  const [image] = found
  if (image && found.length === 1) return image
  const names = found.slice(0, 6).map(({ name }) => name)
  throw new UsageError(
    `"${text}" selects ${found.length} images, and a picture is adopted for one. Write ${text.split('#')[0]}#NAME: ${names.join(', ')}.`,
  )
}

/** @throws UsageError */
async function requireFile(file: string, cwd: string): Promise<string> {
  const absolute = path.resolve(cwd, file)
  const isFile = await stat(absolute).then(
    found => found.isFile(),
    () => false,
  )
  if (isFile) return absolute
  throw new UsageError(`There is no file ${absolute} to adopt. Check its path.`)
}
