import { existsSync } from 'node:fs'
import path from 'node:path'
import type { HtmlTagDescriptor, Plugin, ResolvedConfig } from 'vite'
import type { LateAssets } from '../../assets/late-assets.ts'
import { takesManifest } from '../../manifests/instances.ts'
import { toRollupError } from '../../rollup-error.ts'
import { urlsInHtml } from '../../urls/find-manifest-urls.ts'
import type { PictureQuery, QueryFault } from '../../urls/picture-query.ts'
import { rewriteUrls } from '../../urls/rewrite-urls.ts'
import type { ViteInstance } from '../vite-instance.ts'
import { findPicture, toUrlText } from './vite-picture.ts'

/** The hook that puts URLs of pictures where Vite's pages name them by a query. */
export function pageHooks(instance: ViteInstance, assets: LateAssets): Partial<Plugin> {
  return {
    transformIndexHtml: {
      order: 'pre',
      async handler(html, { filename, server }) {
        const config = server?.config ?? instance.configs.of({})
        if (!config) return undefined
        try {
          return await rewritePage(instance, assets, { html, filename, config })
        } catch (error) {
          const { message, ...told } = toRollupError(error, filename)
          throw Object.assign(new Error(message), told)
        }
      },
    },
  }
}

interface Page {
  readonly html: string
  /** Absolute path. */
  readonly filename: string
  readonly config: ResolvedConfig
}

async function rewritePage(
  instance: ViteInstance,
  assets: LateAssets,
  { html, filename, config }: Page,
): Promise<{ html: string; tags: HtmlTagDescriptor[] } | undefined> {
  const { session, devs } = instance
  const scripts = new Set<string>()

  async function urlOf(
    manifest: string,
    query: PictureQuery,
  ): Promise<string | QueryFault | undefined> {
    if (!(await takesManifest(config, session, { file: manifest }))) return undefined
    const host = {
      addWatchFile: () => undefined,
      warn: (message: string) => config.logger.warn(message),
    }
    const named = { config, manifest, query, user: undefined, host }
    const found = await findPicture(instance, named)
    if (!('url' in found)) return toUrlText(assets, found)
    const script = await devs.get(config)?.followScript(manifest, query)
    if (script !== undefined) scripts.add(script)
    return unprefixed(found.url, config.base)
  }

  const rewritten = await rewriteUrls({
    file: filename,
    text: html,
    places: urlsInHtml(html).map(url => ({ url })),
    root: async () => (await session.pipeline()).options.root,
    async resolve(name) {
      const folder = name.startsWith('/') ? config.root : path.dirname(filename)
      const file = path.join(folder, name)
      return existsSync(file) ? session.locate(file) : undefined
    },
    urlOf,
  })
  if (rewritten === undefined) return undefined
  const tags = [...scripts].map(
    (children): HtmlTagDescriptor => ({ tag: 'script', attrs: { type: 'module' }, children }),
  )
  return { html: rewritten, tags }
}

/**
 * A server's page gets `base` before the URLs of some attributes, which are others in each version of
 * Vite. With as many steps up before it, a URL is the same with and without that.
 */
function unprefixed(url: string, base: string): string {
  if (!url.startsWith('/')) return url
  const steps = base.split('/').filter(Boolean).length
  return steps === 0 ? url : `${'/..'.repeat(steps)}${url}`
}
