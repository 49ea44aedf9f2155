import type { PlannedFile } from '../renditions/rendition.ts'
import { mimeTypeOf } from '../system/file-type.ts'
import type { IconLink, ImageAsset, ManifestIcon, NamedImageFile } from './image-asset.ts'

/**
 * What an asset says of `output.files`. Pure.
 * @param drawnType the MIME type of every file, where it is not the planned one
 */
export function describeNamedFiles<File extends PlannedFile>(
  files: readonly File[],
  urlOf: (file: File) => string,
  drawnType: ImageAsset['type'] | undefined,
): Pick<ImageAsset, 'files' | 'links' | 'manifestIcons'> {
  const byName: Record<string, NamedImageFile> = {}
  const links: IconLink[] = []
  const manifestIcons: ManifestIcon[] = []
  for (const file of files) {
    const { named, width, height, sizes: sides = [width] } = file
    if (!named) continue
    const src = urlOf(file)
    const type = drawnType ?? mimeTypeOf(file)
    const sizes = sides.map(side => `${side}x${side}`).join(' ')
    byName[named.file] = { src, width, height, type }
    switch (named.purpose) {
      case 'icon':
      case 'apple-touch-icon':
        links.push({ rel: named.purpose, href: src, sizes, type })
        break
      case 'any':
      case 'maskable':
        manifestIcons.push({ src, sizes, type, purpose: named.purpose })
        break
    }
  }
  return {
    ...(Object.keys(byName).length > 0 && { files: byName }),
    ...(links.length > 0 && { links }),
    ...(manifestIcons.length > 0 && { manifestIcons }),
  }
}
