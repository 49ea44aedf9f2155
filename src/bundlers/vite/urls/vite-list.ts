import type { ResolvedConfig } from 'vite'
import type { LateAssets, OutputNaming, RenderContext } from '../../assets/late-assets.ts'
import { type ListedImages, listImages } from '../../listed/list-images.ts'
import type { HostContext } from '../../load-manifest.ts'
import type { ViteInstance } from '../vite-instance.ts'
import { publicUrl } from './settle-bundle.ts'

/** As much of a hook's context as is used. */
interface ListContext {
  readonly environment?: {
    readonly config: ResolvedConfig & { readonly consumer: 'client' | 'server' }
  }
  addWatchFile(file: string): void
  warn(message: string): void
}

/** The list of every image, which a build for browsers writes where the option `assets` says so. */
export interface ViteList {
  /** A build begins: makes sure that every image is there. */
  begin(context: ListContext): Promise<void>
  /** Emits all pictures, and the list of them, into an output. */
  emit(context: ListOutput, output: OutputNaming): Promise<void>
}

interface ListOutput extends RenderContext, Pick<ListContext, 'environment'> {}

export function createViteList(instance: ViteInstance, assets: LateAssets): ViteList {
  /** By environment. */
  const lists = new WeakMap<object, ListedImages>()
  /** Vite 5 knows no environments. */
  const whole = {}
  let wholeConfig: ResolvedConfig | undefined

  return {
    async begin(context) {
      const { environment } = context
      wholeConfig = instance.configs.of({}) ?? wholeConfig
      const config = environment?.config ?? wholeConfig
      const isForPages = environment ? environment.config.consumer === 'client' : !config?.build.ssr
      lists.delete(environment ?? whole)
      if (config?.command !== 'build' || !isForPages) return
      const host: Omit<HostContext, 'urlOf'> = {
        addWatchFile: file => context.addWatchFile(file),
        addMissingFile: file => context.addWatchFile(file),
        warn: message => context.warn(message),
      }
      const listed = await listImages(instance.session, host)
      if (listed) lists.set(environment ?? whole, listed)
    },
    async emit(context, output) {
      const { environment } = context
      const listed = lists.get(environment ?? whole)
      const config = environment?.config ?? wholeConfig
      if (!listed || !config) return
      const { fileName } = listed
      const text = listed.render(file => assets.urlOf(file))
      const settled = await assets.settle(context, text, {
        output,
        fixedNames: instance.fixedAssets.names(context),
        urlOf: name => publicUrl(name, fileName, config),
      })
      context.emitFile({ type: 'asset', fileName, source: settled ?? text })
    },
  }
}
