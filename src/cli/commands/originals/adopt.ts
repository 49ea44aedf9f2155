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
    'use your own picture as an original',
    'Uses a picture file as the original of an image. If the image already has an original, the picture becomes its next revision, and the command writes that revision into the manifest. Renditions are not marked as AI-generated unless you pass --ai. Sends nothing and needs no API key.',
  )
    .argument('<image>', 'manifest#image, or a manifest of a single image')
    .argument('[file]', 'a PNG, JPEG, WebP, AVIF, GIF or TIFF')
    .option('--ai', 'mark its renditions as AI-generated')
    .option('--dry-run', 'check the file and show the result, but write nothing')
    .option('--undo', 'undo: remove the entry and restore the revision in the manifest')
    .option('--store', 'with --undo: in the shared store too')
    .addHelpText(
      'after',
      examples([
        ['imagegen adopt src/site.image.yaml#hero hero.png', 'a picture that you drew or edited'],
        ['imagegen adopt src/site.image.yaml#hero hero.png --ai', 'a picture from another model'],
        ['imagegen adopt --undo src/site.image.yaml#hero', 'restore the earlier state'],
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
    throw new UsageError('--undo takes only the image: `imagegen adopt --undo IMAGE`.')
  }
  if (!undo && file === undefined) {
    throw new UsageError('Name the file to adopt: `imagegen adopt IMAGE FILE`.')
  }
  if (store && !undo) {
    throw new UsageError(
      '--store goes with --undo. Adopted pictures reach the shared store automatically, or with `imagegen push`.',
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
    `"${text}" selects ${found.length} images, but one picture belongs to one image. Write ${text.split('#')[0]}#NAME: ${names.join(', ')}.`,
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
  throw new UsageError(`The file ${absolute} does not exist. Check its path.`)
}
