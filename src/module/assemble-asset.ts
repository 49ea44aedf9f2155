import type { FilePlan, Placeholder, PlannedFile } from '../renditions/rendition.ts'
import type { ImageAsset } from './image-asset.ts'

export interface AssetParts<File extends PlannedFile> {
  readonly plan: FilePlan<File>
  readonly placeholder?: Placeholder | undefined
  readonly alt?: string | undefined
}

/**
 * The object that code gets for an image. Build, development, types and tests differ in `urlOf`
 * alone. Pure.
 * @param urlOf `isSrc`: `src` names this file
 */
export function assembleAsset<File extends PlannedFile>(
  { plan, placeholder, alt }: AssetParts<File>,
  urlOf: (file: File, isSrc: boolean) => string,
): ImageAsset {
  const fallback = lastOf(plan.formats)
  const largest = lastOf(fallback)
  const srcsetOf = (files: readonly File[]): string =>
    files.map(file => `${urlOf(file, file === largest)} ${file.width}w`).join(', ')
  return {
    src: urlOf(largest, true),
    width: largest.width,
    height: largest.height,
    format: largest.format,
    type: `image/${largest.format}`,
    ...(fallback.length > 1 && { srcset: srcsetOf(fallback) }),
    ...(plan.formats.length > 1 && {
      sources: plan.formats.map(files => ({
        type: `image/${files[0].format}`,
        srcset: srcsetOf(files),
      })),
    }),
    ...(placeholder && { placeholder }),
    ...(alt !== undefined && { alt }),
  }
}

function lastOf<T>(items: readonly T[]): T {
  const last = items.at(-1)
  if (last === undefined) throw new RangeError('A plan of files is never empty.')
  return last
}
