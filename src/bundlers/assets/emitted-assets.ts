import path from 'node:path'
import { hashedAssetName, plainAssetName } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'
import { assetPattern } from './asset-pattern.ts'
import { namesIn } from './names-in.ts'

/** What Rollup and Rolldown have in common where a file is emitted. */
export interface EmitContext {
  emitFile(asset: {
    type: 'asset'
    source: Uint8Array | string
    name?: string
    originalFileName?: string
    fileName?: string
    needsCodeReference?: boolean
  }): string
}

type AssetFileNames<Asset> = string | ((asset: Asset) => string)

/** One file of a bundle about to be written, as far as it matters here. */
export type OutputFile =
  | {
      readonly type: 'chunk'
      readonly code: string
      readonly modules: Readonly<Record<string, { readonly code: string | null }>>
    }
  | {
      readonly type: 'asset'
      readonly source: string | Uint8Array
      readonly names: readonly string[]
    }

/** The files that one plugin instance emits in Rollup or Rolldown. */
export interface EmittedAssets {
  /** A build begins. */
  begin(): void
  /** Emits a file, and returns the host's reference. */
  emit(context: EmitContext, file: EmittedFileParts): string
  /** Decides on file names, and keeps ours distinct under every setting of the project. */
  fileNamesWith<Asset extends { readonly names: readonly string[] }>(
    setting: AssetFileNames<Asset> | undefined,
  ): (asset: Asset) => string
  /** Whether a file is ours alone, by the names of those who emitted it. */
  areOurs(names: readonly string[]): boolean
  /** Notes that a rendered module refers to a file. */
  markReferenced(fileName: string): void
  /**
   * Takes out of a bundle what is ours alone and what nothing in it refers to. Rollup does that by
   * itself (`needsCodeReference`); Rolldown does not.
   */
  prune(bundle: Record<string, OutputFile>): void
}

export interface EmittedFileParts {
  readonly file: AssetFile
  /** What it is of. */
  readonly originalFileName: string
  readonly source: Uint8Array
  /** It stays although no code refers to it. @default false */
  readonly isListed?: boolean
}

/** What both hosts have for `assetFileNames`. */
const DEFAULT_FILE_NAMES = 'assets/[name]-[hash][extname]'

export function createEmittedAssets(): EmittedAssets {
  /** By the name that was emitted, which tells the content: the host lists who gave it a file. */
  const emitted = new Map<string, AssetFile>()
  const referenced = new Set<string>()
  /** References by fixed name. */
  const fixed = new Map<string, string>()
  const areOurs = (names: readonly string[]): boolean =>
    names.length > 0 && names.every(name => emitted.has(name))

  return {
    emit(context, { file, originalFileName, source, isListed = false }) {
      const { fixedName: fileName } = file
      const asset = { type: 'asset', originalFileName, source } as const
      if (fileName) {
        const name = path.posix.basename(fileName)
        const reference = fixed.get(fileName) ?? context.emitFile({ ...asset, name, fileName })
        fixed.set(fileName, reference)
        return reference
      }
      const name = hashedAssetName(file)
      emitted.set(name, file)
      return context.emitFile({ ...asset, name, needsCodeReference: !isListed })
    },
    areOurs,
    begin: () => fixed.clear(),
    fileNamesWith(setting = DEFAULT_FILE_NAMES) {
      return asset => {
        const file = areOurs(asset.names) ? emitted.get(asset.names[0] ?? '') : undefined
        if (typeof setting === 'string') return file ? assetPattern(setting, file) : setting
        return file ? assetPattern(setting(withPlainName(asset, file)), file) : setting(asset)
      }
    },
    markReferenced(fileName) {
      referenced.add(fileName)
    },
    prune(bundle) {
      const files = Object.entries(bundle)
      const unreferenced = new Set(
        files.flatMap(([fileName, file]) =>
          file.type === 'asset' && areOurs(file.names) && !referenced.has(fileName) ? fileName : [],
        ),
      )
      if (unreferenced.size === 0) return
      // Pictures name no files, and Rolldown copies the bytes of each that is asked for them.
      const others = files.filter(([, file]) => file.type === 'chunk' || !areOurs(file.names))
      const named = namesIn(
        others.flatMap(([, file]) => textsOf(file)),
        unreferenced,
      )
      for (const fileName of unreferenced) if (!named.has(fileName)) delete bundle[fileName]
    },
  }
}

/** A project's own function gets the name as it would be without our hash. */
function withPlainName<Asset extends object>(asset: Asset, file: AssetFile): Asset {
  const name = plainAssetName(file)
  return Object.create(asset, { name: { value: name }, names: { value: [name] } })
}

/** A chunk's code may be no text that anybody can read any more; that of its modules still is. */
function textsOf(file: OutputFile): readonly (string | Uint8Array)[] {
  if (file.type === 'asset') return [file.source]
  return [file.code, ...Object.values(file.modules).flatMap(({ code }) => code ?? [])]
}
