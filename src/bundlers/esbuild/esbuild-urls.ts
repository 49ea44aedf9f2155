import type { OnResolveArgs, OnResolveResult, PartialMessage, PluginBuild } from 'esbuild'
import type { AssetFile } from '../../module/image-template.ts'
import { takesManifest } from '../manifests/instances.ts'
import { MANIFEST_ID, stripQuery } from '../manifests/manifest-id.ts'
import { refuseUrl } from '../manifests/refuse-reference.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { resolvePictureFile } from '../urls/picture-file.ts'
import { isQueryFault, parsePictureQuery, type QueryFault } from '../urls/picture-query.ts'
import { urlError } from '../urls/url-error.ts'

export interface EsbuildUrls {
  readonly session: PluginSession
  readonly build: PluginBuild
  /**
   * Makes a file known to the build.
   * @param isForScript false: for a style sheet
   * @returns what the URL resolves to
   */
  resultOf(file: AssetFile, isForScript: boolean): OnResolveResult
  toMessages(error: unknown): PartialMessage[]
}

/** Marks our own questions to esbuild's resolver. */
const OURS = Symbol('imagegen')

/** Lets style sheets and imports name a picture by URL, and refuses URLs of whole manifests. */
export function resolveEsbuildUrls({ session, build, resultOf, toMessages }: EsbuildUrls): void {
  build.onResolve({ filter: MANIFEST_ID }, async args => {
    if (args.pluginData === OURS) return null
    const isForScript = args.kind !== 'url-token' && args.kind !== 'import-rule'
    const watchFiles: string[] = []
    const warnings: PartialMessage[] = []
    const host = {
      addWatchFile: (file: string) => void watchFiles.push(file),
      addMissingFile: (file: string) => void watchFiles.push(file),
      warn: (text: string) => void warnings.push({ text }),
    }
    try {
      const query = parsePictureQuery(args.path)
      if (!query && isForScript) return null
      if (!query) throw refuseUrl(args.path, args.importer)
      const manifest = await manifestOf(build, args)
      if (manifest === undefined) return null
      const file = session.locate(manifest)
      const imported = { file, specifiers: [stripQuery(args.path)] }
      if (!(await takesManifest(build.initialOptions, session, imported))) return null
      const found = isQueryFault(query)
        ? query
        : await resolvePictureFile(session, file, query, host)
      if ('message' in found) throw await faultyUrl(session, args, found)
      return { ...resultOf(found, isForScript), watchFiles, warnings }
    } catch (error) {
      return { errors: toMessages(error), watchFiles, warnings }
    }
  })
}

/** Undefined where esbuild finds none: it says so itself. */
async function manifestOf(
  build: PluginBuild,
  { path, importer, namespace, resolveDir }: OnResolveArgs,
): Promise<string | undefined> {
  const name = stripQuery(path)
  // URLs are relative; packages come after files.
  for (const source of /^[./]/.test(name) ? [name] : [`./${name}`, name]) {
    const kind = 'import-statement'
    const options = { importer, namespace, resolveDir, kind, pluginData: OURS } as const
    const found = await build.resolve(source, options)
    if (found.errors.length === 0 && !found.external) return found.path
  }
  return undefined
}

async function faultyUrl(
  session: PluginSession,
  { path, importer }: OnResolveArgs,
  fault: QueryFault,
): Promise<Error> {
  const { options } = await session.pipeline()
  return urlError(options.root, importer, path, fault)
}
