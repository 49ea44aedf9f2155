import { readFile } from 'node:fs/promises'
import type { ResolvedConfig } from 'vite'
import type { AssetFile } from '../../../module/image-template.ts'
import { renderLiteral } from '../../../module/module-code.ts'
import type { LateAssets } from '../../assets/late-assets.ts'
import type { HostContext } from '../../load-manifest.ts'
import { resolvePictureFile } from '../../urls/picture-file.ts'
import type { PictureQuery, QueryFault } from '../../urls/picture-query.ts'
import type { UrlUser } from '../dev/url-users.ts'
import type { FixedAssetContext } from '../vite-fixed-assets.ts'
import type { ViteInstance } from '../vite-instance.ts'

/** Somebody who names a picture by URL, and the manifest and the query of it. */
export interface NamedPicture {
  readonly config: ResolvedConfig | undefined
  /** Absolute path. */
  readonly manifest: string
  readonly query: PictureQuery
  /** The module that names it; undefined for a page. */
  readonly user: UrlUser | undefined
  readonly host: Omit<HostContext, 'urlOf'>
}

/** A server knows a picture's URL at once, a build its file. */
export type FoundPicture = { readonly url: string } | { readonly file: AssetFile } | QueryFault

export async function findPicture(
  { session, devs, tests }: ViteInstance,
  { config, manifest, query, user, host }: NamedPicture,
): Promise<FoundPicture> {
  const test = config && tests.get(config)
  const dev = config && devs.get(config)
  if (!test && !dev) {
    const file = await resolvePictureFile(session, manifest, query, host)
    return 'message' in file ? file : { file }
  }
  host.addWatchFile(manifest)
  const url = await (test ? test.urlOf(manifest, query) : dev?.urlOf(manifest, query, user))
  if (typeof url === 'string') return { url }
  return url ?? { message: 'No server is there.' }
}

/** A picture's URL where a style sheet or a page has it. */
export function toUrlText(assets: LateAssets, found: FoundPicture): string | QueryFault {
  if ('message' in found) return found
  return 'url' in found ? found.url : assets.urlOf(found.file)
}

/** A picture's URL as an expression of JavaScript. */
export async function toUrlExpression(
  { fixedAssets, session }: ViteInstance,
  assets: LateAssets,
  context: FixedAssetContext,
  found: FoundPicture,
): Promise<string | QueryFault> {
  if ('message' in found) return found
  if ('url' in found) return renderLiteral(found.url)
  const { fixedName } = found.file
  if (fixedName === undefined) return assets.expressionOf(found.file)
  const originalFileName = await session.originalName(found.file.origin)
  const source = await readFile(found.file.path)
  return fixedAssets.emit(context, { fileName: fixedName, originalFileName, source })
}
