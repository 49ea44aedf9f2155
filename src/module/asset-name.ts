import type { AssetFile, ModuleTemplate } from './image-template.ts'

/**
 * `hero-640w-1a2b3c4d.webp`: the name tells the content, so that it may be cached for ever, no two
 * images share one, and client and server builds agree. For hosts that do not name assets
 * themselves, or whose pattern has no hash.
 */
export function hashedAssetName(file: AssetFile): string {
  return `${hashedBase(file)}.${file.extension}`
}

/** Name for hosts that add the hash themselves. */
export function plainAssetName({ name, extension }: AssetFile): string {
  return `${name}.${extension}`
}

/** A file of a module, and who needs it. */
export interface ModuleFile {
  readonly file: AssetFile
  /** Exports of the module that refer to it: code that uses none of them does not need it. */
  readonly exportNames: readonly string[]
}

/** Every file that a module refers to, each once. */
export function listAssetFiles({ single, images }: ModuleTemplate): readonly ModuleFile[] {
  const files = new Map<string, { file: AssetFile; exportNames: string[] }>()
  for (const { exportName, files: own } of images) {
    for (const file of own) {
      const { exportNames = ['default'] } = files.get(assetIdentity(file)) ?? {}
      if (!single && exportNames.at(-1) !== exportName) exportNames.push(exportName)
      files.set(assetIdentity(file), { file, exportNames })
    }
  }
  return [...files.values()]
}

/** Same identity, same emitted file. */
export function assetIdentity({ fixedName, digest, extension }: AssetFile): string {
  return fixedName ?? `${digest}.${extension}`
}

/** Name without extension. */
export function hashedBase(file: AssetFile): string {
  return `${file.name}-${shortDigest(file)}`
}

/** As much of the digest as names have. */
export function shortDigest({ digest }: AssetFile): string {
  return digest.slice(0, 8)
}
