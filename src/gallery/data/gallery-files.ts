import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { ServedFile, ServedType } from '../../dev/images/served-file.ts'
import type { Original } from '../../originals/original.ts'
import { ORIGINAL_EXTENSIONS } from '../../originals/store/entry.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { PlannedRendition, RenditionSource } from '../../renditions/rendition.ts'

/** An original, byte for byte. */
export function originalFile(
  original: Original,
  { originals }: Pick<Pipeline, 'originals'>,
): ServedFile {
  const { digest, format } = original.entry
  return {
    identifier: `original-${digest}.${ORIGINAL_EXTENSIONS[format]}`,
    type: `image/${format}`,
    async content() {
      await originals.verify(original)
      return { digest, bytes: await readFile(original.path) }
    },
  }
}

/** A rendition, made when it is asked for. */
export function renditionFile(
  original: Original,
  source: RenditionSource,
  rendition: PlannedRendition,
  { originals, renditions }: Pick<Pipeline, 'originals' | 'renditions'>,
): ServedFile {
  return {
    identifier: `rendition-${rendition.key}.${ORIGINAL_EXTENSIONS[rendition.format]}`,
    type: `image/${rendition.format}`,
    async content() {
      await originals.verify(original)
      const { digest, path: file } = await renditions.renderOne(source, rendition)
      return { digest, bytes: await readFile(file) }
    },
  }
}

const REFERENCE_TYPES: Readonly<Record<string, ServedType>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
}

/** A reference picture of the project; undefined when it is not there or no picture by its name. */
export async function referenceFile(file: string): Promise<ServedFile | undefined> {
  const extension = path.extname(file).toLowerCase()
  const type = REFERENCE_TYPES[extension]
  const info = await stat(file).catch(() => undefined)
  if (!type || !info?.isFile()) return undefined
  const mark = createHash('sha256').update(`${file}\n${info.size}\n${info.mtimeMs}`).digest('hex')
  return {
    identifier: `reference-${mark}${extension}`,
    type,
    async content() {
      const bytes = await readFile(file)
      return { digest: createHash('sha256').update(bytes).digest('hex'), bytes }
    },
  }
}
