import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BuildResult, OnLoadResult, PartialMessage, PluginBuild } from 'esbuild'
import { ManifestError } from '../errors/manifest-error.ts'
import type { AssetFile } from '../module/image-template.ts'
import { assetIdentity, plainAssetName } from './asset-name.ts'
import { guardEsbuild } from './guard/guard-esbuild.ts'
import { joinInstances, takesManifest } from './instances.ts'
import { loadManifest } from './load-manifest.ts'
import { MANIFEST_ID, PUBLISHING_QUERY, RAW_QUERY } from './manifest-id.ts'
import { refuseQuery, refuseUrl } from './refuse-reference.ts'
import type { Session } from './session.ts'

/** Namespace of the files that generated modules import. */
const NAMESPACE = 'imagegen'

/**
 * esbuild's hooks. Each file is a module of its own under the `file` loader, so that esbuild
 * names it, drops it when nothing uses it, and lists it in the metafile.
 */
export function esbuildHooks(session: Session): { setup(build: PluginBuild): void } {
  return { setup: build => setUp(session, build) }
}

function setUp(session: Session, build: PluginBuild): void {
  const { initialOptions } = build
  if (initialOptions.absWorkingDir) session.setRoot(initialOptions.absWorkingDir)
  const files = new Map<string, AssetFile>()
  const fixed = new Map<string, AssetFile>()

  session.begin()
  const leave = joinInstances(initialOptions, session)
  build.onDispose(() => {
    leave()
    // esbuild does not wait here; a failure to close shows as an unhandled rejection.
    void session.end()
  })
  build.onStart(() => {
    fixed.clear()
    session.recheckConfig()
  })

  build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path: specifier }) => ({
    path: specifier.slice(NAMESPACE.length + 1),
    namespace: NAMESPACE,
    sideEffects: false,
  }))
  build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path: identifier }) => {
    const file = files.get(identifier)
    return file ? { contents: await readFile(file.path), loader: 'file' } : null
  })

  build.onResolve({ filter: MANIFEST_ID }, ({ path: specifier, kind, importer }) => {
    if (kind !== 'url-token' && kind !== 'import-rule') return null
    return { errors: toMessages(refuseUrl(specifier, importer)) }
  })
  build.onLoad({ filter: /\.image\.ya?ml$/, namespace: 'file' }, async args => {
    if (RAW_QUERY.test(args.suffix)) return null
    const manifest = session.locate(args.path)
    const watchFiles = new Set<string>()
    const warnings: PartialMessage[] = []
    const imports: string[] = []
    const found = (): OnLoadResult => ({ watchFiles: [...watchFiles], warnings })
    try {
      if (PUBLISHING_QUERY.test(args.suffix)) throw refuseQuery(args.path + args.suffix)
      if (!(await takesManifest(initialOptions, session, manifest))) return null
      const code = await loadManifest(session, manifest, {
        addWatchFile: file => watchFiles.add(file),
        warn: text => warnings.push({ text }),
        async urlOf(file) {
          if (file.fixedName) {
            fixed.set(file.fixedName, file)
            return JSON.stringify((initialOptions.publicPath ?? './') + file.fixedName)
          }
          // esbuild takes the name from the last part of the path.
          const identifier = `${assetIdentity(file)}/${plainAssetName(file)}`
          files.set(identifier, file)
          const local = `file${imports.length}`
          imports.push(`import ${local} from ${JSON.stringify(`${NAMESPACE}:${identifier}`)}\n`)
          return local
        },
      })
      return { ...found(), contents: imports.join('') + code, loader: 'js' }
    } catch (error) {
      return { ...found(), errors: toMessages(error) }
    }
  })

  build.onEnd(async result => {
    const { outdir, outfile, absWorkingDir = process.cwd() } = initialOptions
    const folder = outdir ?? (outfile && path.dirname(outfile))
    if (result.errors.length > 0 || folder === undefined) return
    for (const [name, file] of fixed) {
      await emitFixed(path.resolve(absWorkingDir, folder, name), file, build, result)
    }
  })
  guardEsbuild(session, build, error => ({ errors: toMessages(error) }))
}

/** esbuild cannot name a single file; what must have a fixed name is put beside its output. */
async function emitFixed(
  target: string,
  { digest, path: source, size }: AssetFile,
  { initialOptions }: PluginBuild,
  result: BuildResult,
): Promise<void> {
  const contents = await readFile(source)
  if (initialOptions.write === false) {
    result.outputFiles?.push({ path: target, contents, hash: digest, text: contents.toString() })
  } else {
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, contents)
  }
  if (result.metafile) {
    const root = initialOptions.absWorkingDir ?? process.cwd()
    const output = path.relative(root, target).replaceAll(path.sep, '/')
    result.metafile.outputs[output] = { bytes: size, inputs: {}, imports: [], exports: [] }
  }
}

function toMessages(error: unknown): PartialMessage[] {
  if (!(error instanceof ManifestError)) {
    return [{ text: error instanceof Error ? error.message : String(error), detail: error }]
  }
  return error.diagnostics.map(({ file, line, column, message, hint, frame }) => ({
    text: hint ? `${message} ${hint}` : message,
    detail: error,
    location: { file, line, column: column - 1, lineText: frame.split('\n')[0] ?? '' },
  }))
}
