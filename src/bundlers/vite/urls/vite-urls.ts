import { existsSync } from 'node:fs'
import type { Plugin } from 'vite'
import type { LateAssets } from '../../assets/late-assets.ts'
import { takesManifest } from '../../manifests/instances.ts'
import { stripQuery } from '../../manifests/manifest-id.ts'
import { toRollupError } from '../../rollup-error.ts'
import { callsInMarkdown, callsInScript, urlsInCss } from '../../urls/find-manifest-urls.ts'
import { rewriteUrls, type UrlText } from '../../urls/rewrite-urls.ts'
import type { FixedAssetContext } from '../vite-fixed-assets.ts'
import { isForPages, type ViteInstance } from '../vite-instance.ts'
import type { HookPlace } from '../vite-modules.ts'
import { type FoundPicture, findPicture, toUrlExpression, toUrlText } from './vite-picture.ts'

/** Styles as Vite reads them, in components too. */
const STYLE = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/

/** Its scripts and styles are modules of their own. */
const PAGE = /\.html?$/

/** Modules whose text is JavaScript or TypeScript from the first line to the last. */
const SCRIPT = /\.[cm]?[jt]sx?(?:$|\?)/

const MARKDOWN = /\.mdx?(?:$|\?)/

const NAMED_MANIFEST = /\.image\.ya?ml/

/** As much of a transform's context as is used. */
interface TransformContext extends HookPlace, Pick<FixedAssetContext, 'emitFile'> {
  addWatchFile(file: string): void
  warn(message: string): void
  resolve(
    source: string,
    importer: string,
    options: { skipSelf: true },
  ): Promise<{ readonly id: string } | null>
}

interface Transformed {
  readonly context: TransformContext
  readonly code: string
  readonly id: string
  readonly isForPages: boolean
}

/** Hooks that put URLs of pictures where style sheets and scripts name them by a query. */
export function urlHooks(instance: ViteInstance, assets: LateAssets): Partial<Plugin> {
  return {
    transform: {
      order: 'pre',
      filter: { code: NAMED_MANIFEST },
      async handler(code, id, options) {
        // Vite before 6.3 knows no filters.
        if (!NAMED_MANIFEST.test(code) || PAGE.test(id)) return null
        const text = { context: this, code, id, isForPages: isForPages(this, options) }
        try {
          const rewrite = STYLE.test(id) ? rewriteStyle : rewriteScript
          const rewritten = await rewrite(instance, assets, text)
          // No line moves.
          return rewritten === undefined ? null : { code: rewritten, map: null }
        } catch (error) {
          return this.error(toRollupError(error, stripQuery(id)))
        }
      },
    },
  }
}

function rewriteStyle(
  instance: ViteInstance,
  assets: LateAssets,
  text: Transformed,
): Promise<string | undefined> {
  return rewriteUrls({
    ...moduleText(instance, text, found => toUrlText(assets, found)),
    places: urlsInCss(text.code).map(url => ({ url })),
  })
}

async function rewriteScript(
  instance: ViteInstance,
  assets: LateAssets,
  text: Transformed,
): Promise<string | undefined> {
  const { context, code, id } = text
  const imports = new Set<string>()
  const calls = MARKDOWN.test(id) ? callsInMarkdown(code) : callsInScript(code)
  const rewritten = await rewriteUrls({
    ...moduleText(instance, text, async (found, manifest) => {
      if ('url' in found && isLive(text)) imports.add(`\nimport ${JSON.stringify(manifest)}`)
      const url = await toUrlExpression(instance, assets, context, found)
      // Vite looks for files in `new URL`.
      return typeof url === 'string' ? `new globalThis.URL(${url}, import.meta.url)` : url
    }),
    // A manifest without an image is a file like any other, which the guard knows.
    places: calls.filter(({ url }) => /[?&]image=/.test(url.url)),
  })
  if (rewritten === undefined) return undefined
  return SCRIPT.test(id) ? rewritten + [...imports].join('') : rewritten
}

/** Whether the page swaps the pictures of a module, which needs the client and the module of the manifest. */
function isLive({ id, isForPages }: Transformed): boolean {
  return isForPages && SCRIPT.test(id)
}

function moduleText(
  instance: ViteInstance,
  text: Transformed,
  render: (
    found: FoundPicture,
    manifest: string,
  ) => ReturnType<UrlText['urlOf']> | Awaited<ReturnType<UrlText['urlOf']>>,
): Omit<UrlText, 'places'> {
  const { context, code, id } = text
  const { session, configs } = instance
  const config = configs.of(context)
  const user = { id, isSwapped: isLive(text) }
  return {
    file: id,
    text: code,
    root: async () => (await session.pipeline()).options.root,
    async resolve(name) {
      // URLs are relative; aliases and packages come after files.
      for (const source of /^[./]/.test(name) ? [name] : [`./${name}`, name]) {
        const resolved = await context.resolve(source, id, { skipSelf: true })
        const file = resolved && session.locate(stripQuery(resolved.id))
        if (file && existsSync(file)) return file
      }
      return undefined
    },
    async urlOf(manifest, query, name) {
      const imported = { file: manifest, specifiers: [name] }
      if (config && !(await takesManifest(config, session, imported))) return undefined
      const host = {
        addWatchFile: (file: string) => context.addWatchFile(file),
        warn: (message: string) => context.warn(message),
      }
      const found = await findPicture(instance, { config, manifest, query, user, host })
      return render(found, manifest)
    },
  }
}
