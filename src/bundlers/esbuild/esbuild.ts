import { readFile } from 'node:fs/promises'
import type {
  BuildOptions,
  OnLoadResult,
  OnResolveResult,
  PartialMessage,
  PluginBuild,
} from 'esbuild'
import { ManifestError } from '../../errors/manifest-error.ts'
import { assetIdentity, hashedAssetName, plainAssetName } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'
import { shownText } from '../../text/shown-text.ts'
import { guardEsbuild } from '../guard/guard-esbuild.ts'
import { loadManifest } from '../load-manifest.ts'
import { joinInstances, takesManifest } from '../manifests/instances.ts'
import { MANIFEST_ID, PUBLISHING_QUERY, RAW_QUERY } from '../manifests/manifest-id.ts'
import { MISNAMED_ID, refuseMisnamed } from '../manifests/refuse-misnamed.ts'
import { refuseQuery } from '../manifests/refuse-reference.ts'
import { plainError } from '../session/plain-error.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { renderUrlModule } from '../urls/load-picture-url.ts'
import { createEsbuildList, type EsbuildList } from './esbuild-list.ts'
import { createEsbuildNames, type EsbuildNames, ROOT_FILE } from './esbuild-names.ts'
import { resolveEsbuildUrls } from './esbuild-urls.ts'

/** Namespace of the files that generated modules import. */
const NAMESPACE = 'imagegen'

/**
 * esbuild's hooks. Each file is a module of its own under the `file` loader, so that esbuild
 * names it, drops it when nothing uses it, and lists it in the metafile.
 */
export function esbuildHooks(session: PluginSession): { setup(build: PluginBuild): void } {
  return { setup: build => setUp(session, build) }
}

/** What one build holds; its hooks are set up by functions of it. */
interface EsbuildInstance {
  readonly session: PluginSession
  readonly build: PluginBuild
  /** Files that modules import, by their path in {@link NAMESPACE}. */
  readonly files: Map<string, AssetFile>
  /** Code of modules that export one URL, by their path in {@link NAMESPACE}. */
  readonly modules: Map<string, string>
  readonly fixedNames: EsbuildNames
  /** What manifests are imported by, which a module's loading does not tell. */
  readonly specifiers: Set<string>
}

function setUp(session: PluginSession, build: PluginBuild): void {
  const { absWorkingDir } = build.initialOptions
  if (absWorkingDir) session.setRoot(absWorkingDir)
  const fixedNames = createEsbuildNames(build, `${NAMESPACE}:${ROOT_FILE}`)
  const instance: EsbuildInstance = {
    session,
    build,
    files: new Map(),
    modules: new Map(),
    fixedNames,
    specifiers: new Set(),
  }
  const list = createEsbuildList({ session, build, names: fixedNames, namespace: `${NAMESPACE}:` })
  followBuild(instance, list)
  serveFiles(instance)
  resolveEsbuildUrls({
    session,
    build,
    resultOf: (file, isForScript) => resultOf(instance, file, isForScript),
    toMessages,
  })
  refuseMisnamedOnes(instance)
  loadManifests(instance)
  build.onEnd(async result => {
    if (result.errors.length === 0) {
      await fixedNames.finish(result)
      await list.finish(result)
    }
    // esbuild's plugins have no other way to its log.
    const cost = session.takeCost()
    return cost === undefined ? null : { warnings: [{ text: cost }] }
  })
  guardEsbuild(session, build, error => ({ errors: toMessages(error) }))
}

function followBuild({ session, build, fixedNames }: EsbuildInstance, list: EsbuildList): void {
  session.begin()
  const leave = joinInstances(build.initialOptions, session)
  build.onDispose(() => {
    leave()
    // esbuild does not wait here; a failure to close shows as an unhandled rejection.
    void session.end()
  })
  build.onStart(async () => {
    fixedNames.reset()
    session.recheckConfig()
    try {
      return { warnings: [...(await list.begin())] }
    } catch (error) {
      return { errors: toMessages(error) }
    }
  })
}

/** Gives the files that modules import to esbuild's own loader. */
function serveFiles({ build, files, modules }: EsbuildInstance): void {
  build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path: specifier }) => ({
    path: specifier.slice(NAMESPACE.length + 1),
    namespace: NAMESPACE,
    sideEffects: false,
  }))
  build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path: identifier }) => {
    if (identifier === ROOT_FILE) return { contents: '', loader: 'file' }
    const code = modules.get(identifier)
    if (code !== undefined) return { contents: code, loader: 'js' }
    const file = files.get(identifier)
    return file ? { contents: await readFile(file.path), loader: 'file' } : null
  })
}

/** Where neither a loader nor another plugin makes a module of YAML. */
function refuseMisnamedOnes({ session, build }: EsbuildInstance): void {
  const { loader = {}, plugins = [] } = build.initialOptions
  const others = [...plugins, { name: '.yaml' in loader || '.yml' in loader ? '.yaml' : '' }]
  build.onLoad({ filter: MISNAMED_ID, namespace: 'file' }, async ({ path: file }) => {
    try {
      await refuseMisnamed({
        file: session.locate(file),
        others: others.map(({ name }) => name),
      })
      return null
    } catch (error) {
      return { errors: toMessages(error) }
    }
  })
}

function loadManifests(instance: EsbuildInstance): void {
  const { session, build } = instance
  build.onResolve({ filter: MANIFEST_ID }, ({ path: specifier }) => {
    instance.specifiers.add(specifier)
    return null
  })
  build.onLoad({ filter: /\.image\.ya?ml$/, namespace: 'file' }, async args => {
    if (RAW_QUERY.test(args.suffix)) return null
    const manifest = session.locate(args.path)
    const watchFiles = new Set<string>()
    const warnings: PartialMessage[] = []
    const found = (): OnLoadResult => ({ watchFiles: [...watchFiles], warnings })
    try {
      if (PUBLISHING_QUERY.test(args.suffix)) throw refuseQuery(args.path + args.suffix)
      if (
        !(await takesManifest(build.initialOptions, session, {
          file: manifest,
          specifiers: [...instance.specifiers],
        }))
      )
        return null
      const { imports, urlOf } = collectImports(instance)
      const code = await loadManifest(session, manifest, {
        addWatchFile: file => watchFiles.add(file),
        addMissingFile: file => watchFiles.add(file),
        warn: text => warnings.push({ text }),
        urlOf,
      })
      return { ...found(), contents: imports.join('') + code, loader: 'js' }
    } catch (error) {
      return { ...found(), errors: toMessages(error) }
    }
  })
}

/** The import statements of one module, and the names under which it has its files' URLs. */
function collectImports(instance: EsbuildInstance) {
  const imports: string[] = []
  function importOf(identifier: string): string {
    const local = `file${imports.length}`
    imports.push(`import ${local} from ${JSON.stringify(`${NAMESPACE}:${identifier}`)}\n`)
    return local
  }
  async function urlOf(file: AssetFile): Promise<string> {
    const { fixedName } = file
    if (fixedName === undefined) return importOf(addFile(instance, file))
    return instance.fixedNames.add({ ...file, fixedName }, importOf(ROOT_FILE))
  }
  return { imports, urlOf }
}

/** @returns the file's path in {@link NAMESPACE} */
function addFile({ build, files }: EsbuildInstance, file: AssetFile): string {
  // esbuild takes the name from the last part of the path.
  const identifier = `${assetIdentity(file)}/${assetName(file, build.initialOptions)}`
  files.set(identifier, file)
  return identifier
}

/**
 * What a URL of one picture resolves to. A style sheet cannot compute a URL: there a picture under a
 * fixed name has another one beside it, which esbuild gives.
 */
function resultOf(
  instance: EsbuildInstance,
  { fixedName, ...file }: AssetFile,
  isForScript: boolean,
): OnResolveResult {
  const result = { namespace: NAMESPACE, sideEffects: false }
  if (fixedName === undefined || !isForScript) return { ...result, path: addFile(instance, file) }
  const url = instance.fixedNames.add({ ...file, fixedName }, 'root')
  const root = JSON.stringify(`${NAMESPACE}:${ROOT_FILE}`)
  instance.modules.set(fixedName, `import root from ${root}\n${renderUrlModule(url)}`)
  return { ...result, path: fixedName }
}

/** Two images of one name are one too many for a pattern without a hash. */
function assetName(file: AssetFile, { assetNames }: BuildOptions): string {
  const hasHash = assetNames === undefined || assetNames.includes('[hash]')
  return hasHash ? plainAssetName(file) : hashedAssetName(file)
}

function toMessages(thrown: unknown): PartialMessage[] {
  const error = plainError(thrown)
  if (!(error instanceof ManifestError)) return [{ text: error.message, detail: error }]
  return error.diagnostics.map(({ file, line, column, message, hint, frame }) => ({
    text: shownText(hint ? `${message} ${hint}` : message),
    detail: error,
    location: {
      file: shownText(file),
      line,
      column: column - 1,
      // The host draws its own margin.
      lineText: shownText(/^ *\d+ \| (.*)/.exec(frame)?.[1] ?? ''),
    },
  }))
}
