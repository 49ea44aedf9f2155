import path from 'node:path'
import type { Compilation, Compiler, ResolveData } from 'webpack'
import { hashedAssetName } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'
import { takesManifest } from '../manifests/instances.ts'
import { stripQuery } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { resolvePictureFile } from '../urls/picture-file.ts'
import {
  isQueryFault,
  PICTURE_QUERY,
  type PictureQuery,
  parsePictureQuery,
  type QueryFault,
} from '../urls/picture-query.ts'
import { urlError } from '../urls/url-error.ts'
import type { NamedFile, WebpackDev } from './webpack-dev.ts'

const PLUGIN = 'unplugin-imagegen'

/** Ends the names of pictures that a URL leads to, so that rules of others do not take them. */
const SUFFIX = '.imagegen-url'

/** The same for pictures under fixed names. */
const FIXED_SUFFIX = '.imagegen-fixed-url'

/** What development servers put into a page that takes hot updates. */
const HOT_CLIENT = /[\\/]hot[\\/](?:only-)?dev-server/

export interface WebpackUrls {
  readonly session: PluginSession
  /** Folder of the images in the output, with a slash at its end unless it is empty. */
  folder(): string
  /** Gives drafts now and pictures later to a page that takes hot updates. */
  readonly dev: WebpackDev
  /** A file name as the host's templates take it. */
  nameOf(fileName: string): string
}

/**
 * Lets whatever a host resolves name a picture by URL: style sheets, `new URL()`, imports. The URL
 * then leads to the picture's own file under the name that a module of the manifest gives it.
 */
export function resolveWebpackUrls(compiler: Compiler, urls: WebpackUrls): void {
  compiler.options.module.rules.push({
    test: /\.imagegen(?:-fixed)?-url$/,
    type: 'asset/resource',
    sideEffects: false,
    generator: { filename: ({ filename = '' }: { filename?: string }) => nameIn(filename, urls) },
  })
  let compilation: Compilation | undefined
  let isHot = compiler.options.plugins.some(
    plugin => plugin && plugin.constructor.name === 'HotModuleReplacementPlugin',
  )
  compiler.hooks.thisCompilation.tap(PLUGIN, started => {
    compilation = started
  })
  compiler.hooks.normalModuleFactory.tap(PLUGIN, factory => {
    factory.hooks.beforeResolve.tapPromise(PLUGIN, async data => {
      // Development servers add the plugin of hot updates by themselves.
      isHot ||= HOT_CLIENT.test(data.request)
      if (!PICTURE_QUERY.test(data.request) || data.request.includes('!')) return
      const warn = (message: string): void => {
        compilation?.warnings.push(new Error(message))
      }
      await resolveUrl(compiler, urls, data, { isHot, warn })
    })
  })
}

async function resolveUrl(
  compiler: Compiler,
  { session, dev }: WebpackUrls,
  data: ResolveData,
  { isHot, warn }: { readonly isHot: boolean; warn(message: string): void },
): Promise<void> {
  const found = await manifestOf(compiler, data)
  // The host says itself that there is none.
  if (found === undefined) return
  const manifest = session.locate(found)
  const imported = { file: manifest, specifiers: [stripQuery(data.request)] }
  if (!(await takesManifest(compiler.root, session, imported))) return
  const query = parsePictureQuery(data.request)
  if (!query) return
  const host = {
    addWatchFile: (file: string) => add(data.fileDependencies, file),
    addMissingFile: (file: string) => add(data.missingDependencies, file),
    warn,
  }
  const find = async (asked: PictureQuery): Promise<NamedFile | QueryFault> => {
    const { issuer } = data.contextInfo
    if (isHot) return dev.findFile(manifest, asked, { issuer, addWatchFile: host.addWatchFile })
    const file = await resolvePictureFile(session, manifest, asked, host)
    return 'message' in file ? file : toNamedFile(file)
  }
  const file = isQueryFault(query) ? query : await find(query)
  if ('message' in file) {
    const { options } = await session.pipeline()
    throw await urlError(options.root, data.contextInfo.issuer, data.request, file)
  }
  data.request = `${path.join(path.dirname(manifest), encodedName(file))}!=!${file.path}`
}

/** Rspack has lists where webpack has sets. */
function add(files: { add(file: string): unknown } | string[], file: string): void {
  if (Array.isArray(files)) files.push(file)
  else files.add(file)
}

/** Absolute path of the manifest that a request leads to. */
async function manifestOf(
  { resolverFactory }: Compiler,
  { request, context, dependencyType }: ResolveData,
): Promise<string | undefined> {
  const resolver = resolverFactory.get('normal', { dependencyType: dependencyType ?? 'url' })
  const name = stripQuery(request)
  // URLs are relative; packages come after files.
  for (const source of /^[./]/.test(name) ? [name] : [`./${name}`, name]) {
    const found = await new Promise<string | undefined>(resolve => {
      resolver.resolve({}, context, source, {}, (_error, file) => resolve(file || undefined))
    })
    if (found !== undefined) return stripQuery(found)
  }
  return undefined
}

function toNamedFile(file: AssetFile): NamedFile {
  const { fixedName, path: target } = file
  const name = fixedName ?? hashedAssetName(file)
  return { name, path: target, isFixed: fixedName !== undefined }
}

function encodedName({ name, isFixed }: NamedFile): string {
  return encodeURIComponent(name) + (isFixed ? FIXED_SUFFIX : SUFFIX)
}

/** The name in the output of a file whose encoded name ends this path. */
function nameIn(filename: string, { folder, nameOf }: WebpackUrls): string {
  const name = path.posix.basename(stripQuery(filename).replaceAll('\\', '/'))
  if (!name.endsWith(FIXED_SUFFIX)) return nameOf(folder() + name.slice(0, -SUFFIX.length))
  return nameOf(decodeURIComponent(name.slice(0, -FIXED_SUFFIX.length)))
}
