import { assetToken } from '../assets/late-assets.ts'

/** As much of a hook's context as is used. */
export interface FixedAssetContext {
  readonly environment?: object
  emitFile(asset: { type: 'asset'; fileName: string; source: Uint8Array }): string
}

/** Files under fixed names, which modules emit when they are loaded: each once a build. */
export interface ViteFixedAssets {
  /** A build begins in an environment. */
  begin(context: Pick<FixedAssetContext, 'environment'>): void
  /** The JavaScript expression of the file's URL. */
  emit(context: FixedAssetContext, fileName: string, source: Uint8Array): string
}

export function createViteFixedAssets(): ViteFixedAssets {
  const references = new WeakMap<object, Map<string, string>>()
  /** Vite 5 knows no environments. */
  const whole = {}
  return {
    begin({ environment = whole }) {
      references.set(environment, new Map())
    },
    emit(context, fileName, source) {
      const { environment = whole } = context
      const known = references.get(environment) ?? new Map<string, string>()
      references.set(environment, known)
      const reference = known.get(fileName) ?? context.emitFile({ type: 'asset', fileName, source })
      known.set(fileName, reference)
      return `"${assetToken(reference)}"`
    },
  }
}
