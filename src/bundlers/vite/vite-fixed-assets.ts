import path from 'node:path'
import { assetToken } from '../assets/late-assets.ts'

/**
 * Names a plugin beside ours whose `api.folder` says where files have to lie in the output, so that
 * browsers get them: Nuxt publishes one folder of it.
 */
export const PUBLIC_FOLDER = 'unplugin-imagegen:public-folder'

/** As much of a hook's context as is used. */
export interface FixedAssetContext {
  readonly environment?: {
    getTopLevelConfig(): {
      readonly plugins: readonly { readonly name: string; readonly api?: unknown }[]
    }
  }
  emitFile(asset: {
    type: 'asset'
    name: string
    originalFileName: string
    fileName: string
    source: Uint8Array
  }): string
}

/** Tells the builds of one run apart. */
interface BuildPlace {
  readonly environment?: object
}

/** Files under fixed names, which modules emit when they are loaded: each once a build. */
export interface ViteFixedAssets {
  /** A build begins in an environment. */
  begin(context: BuildPlace): void
  /** The JavaScript expression of the file's URL. */
  emit(context: FixedAssetContext, file: FixedAsset): string
  /** Names that the build in an environment has so far. */
  names(context: BuildPlace): readonly string[]
}

export interface FixedAsset {
  readonly fileName: string
  /** What it is of. */
  readonly originalFileName: string
  readonly source: Uint8Array
}

export function createViteFixedAssets(): ViteFixedAssets {
  const references = new WeakMap<object, Map<string, string>>()
  /** Vite 5 knows no environments. */
  const whole = {}
  return {
    begin({ environment = whole }) {
      references.set(environment, new Map())
    },
    names: ({ environment = whole }) => [...(references.get(environment)?.keys() ?? [])],
    emit(context, { fileName: fixedName, ...file }) {
      const { environment = whole } = context
      const fileName = `${publicFolder(context)}${fixedName}`
      const name = path.posix.basename(fileName)
      const known = references.get(environment) ?? new Map<string, string>()
      references.set(environment, known)
      const reference =
        known.get(fileName) ?? context.emitFile({ type: 'asset', name, fileName, ...file })
      known.set(fileName, reference)
      return `"${assetToken(reference)}"`
    },
  }
}

function publicFolder({ environment }: FixedAssetContext): string {
  const plugins = environment?.getTopLevelConfig().plugins ?? []
  const folder: unknown = Object(plugins.find(({ name }) => name === PUBLIC_FOLDER)?.api).folder
  return typeof folder === 'string' ? folder : ''
}
