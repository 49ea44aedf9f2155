import path from 'node:path'
import { collectGallery } from '../../gallery/static/collect-gallery.ts'
import { writeStaticGallery } from '../../gallery/static/write-static-gallery.ts'
import type { CommandBody } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { count } from '../output/format.ts'
import { selectImages } from '../select-images.ts'

interface GalleryFlags {
  readonly out: string
}

/** What `imagegen gallery --json` prints. */
export interface GalleryDocument {
  readonly version: 1
  /** Absolute path of the page. */
  readonly page: string
  readonly summary: { readonly images: number; readonly files: number; readonly faults: number }
}

export const galleryCommand: DefineCommand = run =>
  imagesCommand(
    'gallery',
    'write a static page that shows every image',
    'Writes a static page of every image with its prompt, alternatives and details. Open it from disk, or attach it to a pull request. The page shows prompts: publish it only where people may read them.',
  )
    .option('--out <dir>', 'output folder', 'imagegen-gallery')
    .addHelpText(
      'after',
      examples([
        ['imagegen gallery', 'into ./imagegen-gallery'],
        ['imagegen gallery --out public/images', 'elsewhere'],
        ['imagegen gallery src/site.image.yaml', 'one manifest'],
      ]),
    )
    .action((args: string[], flags: GalleryFlags) => run(gallery, args, flags))

const gallery: CommandBody<GalleryFlags> = async (session, args, { out }) => {
  const { context } = session
  const pipeline = await session.openPipeline()
  const selection = await selectImages(pipeline, args, session)
  const { data, files } = await collectGallery(pipeline, selection, new Date(context.now()))
  const folder = path.resolve(context.cwd, out)
  await writeStaticGallery(data, files, folder)
  const json: GalleryDocument = {
    version: 1,
    page: path.join(folder, 'index.html'),
    summary: { images: data.images.length, files: files.length, faults: data.faults.length },
  }
  const faults = data.faults.map(
    ({ location, message }) => `${location.path}:${location.line}:${location.column} ${message}`,
  )
  return {
    json,
    text: [...faults, `${count(data.images.length, 'image')} in ${json.page}`].join('\n'),
    exitCode: faults.length > 0 ? 1 : 0,
  }
}
