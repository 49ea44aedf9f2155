import type { Plugin, ResolvedConfig } from 'vite'
import type { LateAssets } from '../assets/late-assets.ts'
import { guardBundle } from '../guard/guard-bundle.ts'
import { guardMarkdown } from '../guard/guard-markdown.ts'
import { guardPublicFolder } from '../guard/guard-public-folder.ts'
import { createLostPictures, describeLostPictures } from './lost-pictures.ts'
import { settleBundle } from './urls/settle-bundle.ts'
import type { ViteList } from './urls/vite-list.ts'
import { devOf, type ViteInstance } from './vite-instance.ts'

/** Hooks that emit the files that chunks refer to, and look through all that is emitted. */
export function outputHooks(
  instance: ViteInstance,
  assets: LateAssets,
  list: ViteList,
): Partial<Plugin> {
  const { session, configs } = instance
  const lost = createLostPictures()

  /** Vite 5 has no environments, and builds pages and servers apart. */
  function warnOfLost(
    context: OutputContext,
    named: readonly string[],
    isWritten: (name: string) => boolean,
  ): void {
    const { environment } = context
    if (!environment) return
    const { name, config } = environment
    const isForPages = config.consumer === 'client'
    for (const [where, names] of lost.add({ environment: name, isForPages, named, isWritten })) {
      context.warn(describeLostPictures(where, names))
    }
  }

  return {
    async renderStart(output) {
      assets.begin(output)
      await list.emit(this, output)
    },
    renderChunk: {
      // Before Vite replaces its own tokens by URLs.
      order: 'pre',
      async handler(code, _chunk, output) {
        const withTokens = await assets.emitReferenced(this, code, output)
        // Only lines of our own modules change.
        return withTokens === undefined ? null : { code: withTokens, map: null }
      },
    },
    generateBundle: {
      // After Vite has written its pages and styles.
      order: 'post',
      async handler(output, bundle) {
        const settings = configOf(this) ?? configs.of(this)
        if (settings)
          await settleBundle(assets, { context: this, output, bundle, config: settings })
        warnOfLost(this, assets.namesIn(output), name => name in bundle)
        guardMarkdown(bundle)
        const ours = new Set(assets.emittedIn(output))
        await guardBundle(session, bundle, {
          moduleIds: () => this.getModuleIds(),
          isOurs: ({ fileName }) => ours.has(fileName),
        })
        if (settings) await guardPublicFolder(session, settings)
        devOf(instance, this)?.bundling(false)
      },
    },
  }
}

interface OutputContext {
  readonly environment?: {
    readonly name: string
    readonly config: { readonly consumer: 'client' | 'server' }
  }
  warn(message: string): void
}

/** An environment may have another output than the whole; Vite 5 has none. */
function configOf({
  environment,
}: {
  readonly environment?: { readonly config: ResolvedConfig }
}): ResolvedConfig | undefined {
  return environment?.config
}
