import type { ResolvedOptions } from '../config/options.ts'
import { formatImageId, imageKey } from '../manifest/image-id.ts'
import type { ImageVariant, Manifest, ManifestImage, OutputSettings } from '../manifest/manifest.ts'
import { pixelsOf } from '../manifest/sizes.ts'
import type { ImageTemplate, ModuleTemplate } from '../module/image-template.ts'
import { type MadeFiles, type MadeVariant, templateOf } from '../module/template-of.ts'
import type { Originals } from '../originals/originals.ts'
import type { FindImage } from '../plan/order-by-references.ts'
import { isTransparent } from '../renditions/plan-renditions.ts'
import type { RenditionSource, Renditions } from '../renditions/rendition.ts'
import { checkNamedFiles } from './pictures/check-named-files.ts'
import { describeWhitening } from './pictures/describe-whitening.ts'
import { type ImagePictures, verifyPicture } from './pictures/image-picture.ts'

export interface ModuleContext {
  readonly options: ResolvedOptions
  readonly originals: Originals
  readonly renditions: Renditions
  readonly find: FindImage
  warn(message: string): void
}

/** Makes the renditions of a manifest's images and describes its module. */
export async function resolveModule(
  manifest: Manifest,
  pictures: ImagePictures,
  context: ModuleContext,
): Promise<ModuleTemplate> {
  const making: Making = { ...context, pictures }
  const images = await Promise.all(manifest.images.map(image => resolveImage(image, making)))
  return { single: manifest.single, images }
}

interface Making extends ModuleContext {
  readonly pictures: ImagePictures
}

async function resolveImage(image: ManifestImage, making: Making): Promise<ImageTemplate> {
  const [own, variants] = await Promise.all([
    makeFiles(image, image.output, making),
    Promise.all((image.variants ?? []).map(variant => makeVariant(variant, making))),
  ])
  return templateOf(image, own, variants)
}

async function makeVariant(
  { name, media, picture, output }: ImageVariant,
  making: Making,
): Promise<MadeVariant> {
  const image = await making.find(picture)
  if (!image) throw new Error(`${formatImageId(picture)} does not exist.`)
  return { name, media, picture, ...(await makeFiles(image, output, making)) }
}

/** The files of an image's picture, or of a draft of it. */
async function makeFiles(
  image: ManifestImage,
  output: OutputSettings,
  { pictures, options, originals, renditions, warn }: Making,
): Promise<MadeFiles> {
  const picture = pictures.get(imageKey(image.id))
  if (picture) await verifyPicture(picture, originals)
  const source = picture?.source ?? (await drawDraft(image, options.renditionsDir))
  const plan = renditions.plan(source, output)
  checkNamedFiles(image, source, plan.files ?? [])
  const [files, placeholder, alpha] = await Promise.all([
    renditions.render(source, plan),
    renditions.placeholder(source, plan.placeholder),
    renditions.alpha(source),
  ])
  const problem = describeWhitening(image, plan, alpha)
  if (problem !== undefined) warn(problem)
  return { plan, files, placeholder, alpha: isTransparent(plan, alpha) }
}

/** Stands in for an original that the mode does not allow to request. */
async function drawDraft({ id, size }: ManifestImage, folder: string): Promise<RenditionSource> {
  const { storeDraft } = await import('../renditions/draft/store-draft.ts')
  return storeDraft({ name: id.name, ...pixelsOf(size), state: 'missing' }, folder)
}
