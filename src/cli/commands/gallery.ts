import path from 'node:path'
import type { GalleryReview, ReviewedImage } from '../../gallery/data/gallery-review.ts'
import { collectReview } from '../../gallery/review/collect-review.ts'
import { renderSummary } from '../../gallery/review/render-summary.ts'
import { type CollectedGallery, collectGallery } from '../../gallery/static/collect-gallery.ts'
import { writeStaticGallery } from '../../gallery/static/write-static-gallery.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import type { CommandBody, CommandResult, CommandSession } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { count } from '../output/format.ts'
import { openCommitPipeline } from '../review/open-commit-pipeline.ts'
import { selectImages } from '../select-images.ts'
import { UsageError } from '../usage-error.ts'

interface GalleryFlags {
  readonly out: string
  readonly since?: string
  readonly summary?: string
}

/** What `imagegen gallery --json` prints. */
export interface GalleryDocument {
  readonly version: 1
  /** Absolute path of the page. */
  readonly page: string
  readonly summary: { readonly images: number; readonly files: number; readonly faults: number }
  /** What changed, with `--since`. */
  readonly review?: Pick<GalleryReview, 'since' | 'commit' | 'unchanged' | 'cost'> & {
    readonly changes: readonly Pick<ReviewedImage, 'image' | 'change' | 'samePicture' | 'cost'>[]
  }
}

export const galleryCommand: DefineCommand = run =>
  imagesCommand(
    'gallery',
    'write a static page that shows every image',
    'Writes a static page of every image with its prompt, alternatives and details. Open it from disk, or attach it to a pull request. The page shows prompts: publish it only where people may read them.',
  )
    .option('--out <dir>', 'output folder', 'imagegen-gallery')
    .option('--since <ref>', 'show only what changed since a commit, before and after')
    .option('--summary <file>', 'with --since: also write what changed as Markdown, for a comment')
    .addHelpText(
      'after',
      examples([
        ['imagegen gallery', 'into ./imagegen-gallery'],
        ['imagegen gallery --out public/images', 'elsewhere'],
        ['imagegen gallery src/site.image.yaml', 'one manifest'],
        ['imagegen gallery --since origin/main --summary images.md', 'what a branch changed'],
      ]),
    )
    .action((args: string[], flags: GalleryFlags) => run(gallery, args, flags))

const gallery: CommandBody<GalleryFlags> = async (session, args, flags) => {
  const { since, summary } = flags
  if (summary !== undefined && since === undefined) {
    throw new UsageError('`--summary` writes what changed since a commit. Add `--since <ref>`.')
  }
  const pipeline = await session.openPipeline()
  const selection = await selectImages(pipeline, args, session)
  const now = new Date(session.context.now())
  const then = since === undefined ? undefined : await openCommitPipeline(since, pipeline, session)
  try {
    const collected = await (then && since !== undefined
      ? collectReview(pipeline, selection, { state: { ...then, since }, now })
      : collectGallery(pipeline, selection, now))
    return await write(collected, flags, session)
  } finally {
    await then?.close()
  }
}

async function write(
  collected: CollectedGallery,
  flags: GalleryFlags,
  { context }: CommandSession,
): Promise<CommandResult> {
  const { data, files } = collected
  const folder = path.resolve(context.cwd, flags.out)
  await writeStaticGallery(collected, folder)
  const { review } = data
  if (review && flags.summary !== undefined) {
    await writeAtomically(path.resolve(context.cwd, flags.summary), renderSummary(review))
  }
  const json: GalleryDocument = {
    version: 1,
    page: path.join(folder, 'index.html'),
    summary: { images: data.images.length, files: files.length, faults: data.faults.length },
    ...(review && { review: describeReview(review) }),
  }
  const faults = data.faults.map(
    ({ location, message }) => `${location.path}:${location.line}:${location.column} ${message}`,
  )
  const told = review
    ? `${count(review.images.length, 'image')} changed since ${review.since}: ${json.page}`
    : `${count(data.images.length, 'image')} in ${json.page}`
  return { json, text: [...faults, told].join('\n'), exitCode: faults.length > 0 ? 1 : 0 }
}

function describeReview({
  since,
  commit,
  unchanged,
  cost,
  images,
}: GalleryReview): NonNullable<GalleryDocument['review']> {
  return {
    since,
    commit,
    unchanged,
    ...(cost && { cost }),
    changes: images.map(({ image, change, samePicture, cost: own }) => ({
      image,
      change,
      samePicture,
      ...(own && { cost: own }),
    })),
  }
}
