import type { DevImages } from '../../../dev/dev-images.ts'
import type { DevManifest } from '../../../dev/images/dev-manifest.ts'
import {
  readDefaults,
  readWritten,
  type WrittenFields,
} from '../../../manifest/edit/read-written.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import { findExportedFile } from '../../../manifest/packages/find-package.ts'
import { readBases } from '../../../manifest/read-bases.ts'
import { isRecord } from '../../../system/is-record.ts'
import type { Json } from '../../../system/json.ts'
import { locate } from '../../data/description/describe-gallery-image.ts'
import type { GalleryWords } from '../../data/gallery-exchanges.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import { openImage, readManifestText } from '../checks/open-image.ts'

export interface WordsDeps {
  readonly images: DevImages
  editorUrl(file: string, line: number, column: number): string
}

/** What the YAML says of an image. @throws ActionRefusedError */
export async function readWords(
  id: ImageId,
  { images, editorUrl }: WordsDeps,
): Promise<GalleryWords> {
  const { pipeline } = images
  const { root } = pipeline.options
  const { file, manifest } = await openImage(id, images)
  const { text, digest } = await readManifestText(file)
  const written = requireWritten(text, id, manifest)
  const exported = await findExportedFile(file, root)
  return {
    image: { manifest: id.manifest, name: id.name },
    digest,
    fields: written.fields,
    inherited: await readInherited(file, text, root),
    shared: sharedOf(id, written, manifest),
    location: locate(id.manifest, written.at.line, written.at.column, { editorUrl, pipeline }),
    ...(exported && {
      refusal: `${id.manifest} belongs to the package ${exported.package.name}, which is only read. Edit it where the package is made.`,
    }),
  }
}

/** @throws ActionRefusedError when the text does not have the image */
export function requireWritten(
  text: string,
  { manifest: file, name }: ImageId,
  { manifest: { single } }: DevManifest,
): WrittenFields {
  const written = readWritten(text, single ? undefined : name, file)
  if (written) return written
  throw new ActionRefusedError(
    `The YAML of ${file} does not have ${name} as it was read before. Mend the file, or reload the gallery.`,
  )
}

/** The images that the same words make. */
function sharedOf(
  id: ImageId,
  { isMatrix }: WrittenFields,
  { images }: DevManifest,
): readonly ImageId[] {
  const own = images.find(({ planned }) => planned.id.name === id.name)?.planned.image.at
  const alike = images.filter(
    ({ planned: { image } }) => image.at.line === own?.line && image.at.column === own.column,
  )
  const shared = isMatrix ? alike.map(({ planned }) => planned.id) : [id]
  return shared.map(({ manifest, name }) => ({ manifest, name }))
}

async function readInherited(
  file: string,
  text: string,
  root: string,
): Promise<Readonly<Record<string, Json>>> {
  const bases = await readBases({ file, text }, root)
  const layers = [...bases.map(base => base.text), text].map(readDefaults)
  return layers.reduce((below, layer) => mergeLayer(below, layer), {})
}

/** As the manifest's parser does it: these are merged key by key. */
const MERGED = ['output', 'params', 'vars']

function mergeLayer(
  below: Readonly<Record<string, Json>>,
  layer: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const merged = Object.entries(layer).map(([key, value]): [string, Json] => {
    const other = below[key]
    const isMerged = MERGED.includes(key) && isRecord(other) && isRecord(value)
    return [key, isMerged ? { ...other, ...value } : value]
  })
  return { ...below, ...Object.fromEntries(merged) }
}
