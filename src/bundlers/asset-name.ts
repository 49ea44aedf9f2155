import type { AssetFile, ImageTemplate } from '../module/image-template.ts'

/**
 * `hero-640w-1a2b3c4d.webp`: the name tells the content, so that it may be cached for ever and
 * is the same in client and server builds. For hosts that do not name assets themselves.
 */
export function hashedAssetName({ name, digest, extension }: AssetFile): string {
  return `${name}-${digest.slice(0, 8)}.${extension}`
}

/** Name for hosts that add the hash themselves. */
export function plainAssetName({ name, extension }: AssetFile): string {
  return `${name}.${extension}`
}

/** Every file that a module refers to, each once. */
export function listAssetFiles(images: readonly ImageTemplate[]): readonly AssetFile[] {
  const files = new Map<string, AssetFile>()
  for (const { src, srcset, sources } of images) {
    const candidates = [...(srcset ?? []), ...(sources ?? []).flatMap(source => source.srcset)]
    for (const file of [src, ...candidates.map(candidate => candidate.file)]) {
      files.set(assetIdentity(file), file)
    }
  }
  return [...files.values()]
}

/** Same identity, same emitted file. */
export function assetIdentity({ fixedName, digest, extension }: AssetFile): string {
  return fixedName ?? `${digest}.${extension}`
}
