import path from 'node:path'
import type { Compilation, Module } from 'webpack'
import { namesIn } from '../assets/names-in.ts'

/** What webpack and Rspack say of an asset, as far as it is asked here. */
type AssetInfo = Readonly<Record<string, unknown>>

/** Before each export that a file belongs to; kept by the persistent cache, where no memory of ours is. */
const EXPORT_MARK = 'imagegen:'

/** What others say of a file that they emit: where it comes from, or what its name depends on. */
const MARKS_OF_OTHERS = ['copied', 'sourceFilename', 'contenthash', 'chunkhash', 'fullhash']

/** webpack's `UsageState.Unused`; Rspack has the same numbers. */
const UNUSED = 0

/** The information of a file that may be taken out of the output when none of these exports is used. */
export function assetInfoOf(exportNames: readonly string[]): Record<string, unknown> {
  const marks = exportNames.map(name => [EXPORT_MARK + name, true])
  return { immutable: true, ...Object.fromEntries(marks) }
}

/**
 * A file name as the loader context's `emitFile` takes it: webpack, unlike Rspack, reads it as a
 * template, and a build never ends where it has a variable that is not known there, like `[id]`.
 */
export function emittedNameOf(fileName: string, framework: 'webpack' | 'rspack'): string {
  return framework === 'webpack' ? fileName.replace(/\[([\w:]+)\]/g, '[\\$1\\]') : fileName
}

/**
 * Takes out of a compilation what is ours alone, what no code uses, and what nothing names. That code
 * uses a file is known from the module graph: an output may be encoded, packed or encrypted. That
 * something names it is known from the output, whatever its type: what a loader has evaluated is in no
 * graph, and code that nothing uses may still be there.
 */
export function dropUnusedAssets(compilation: Compilation): void {
  const assets = compilation.getAssets()
  const marked = assets.filter(({ info }) => exportsOf(info).length > 0 && isOursAlone(info))
  if (marked.length === 0) return
  const modules = modulesByAsset(compilation.modules)
  const unused = new Set(
    marked
      .filter(({ name, info }) => isUnused(compilation, modules.get(name), exportsOf(info)))
      .map(({ name }) => name),
  )
  // A source map has our own modules' text, but loads nothing; a picture names no file.
  const pictures = new Set(marked)
  const contents = assets
    .filter(asset => !pictures.has(asset) && asset.info.development !== true)
    .map(({ source }) => source.source())
  const named = namesIn(contents, unused)
  for (const name of unused) if (!named.has(name)) compilation.deleteAsset(name)
}

function exportsOf(info: AssetInfo): readonly string[] {
  return Object.keys(info)
    .filter(key => key.startsWith(EXPORT_MARK))
    .map(key => key.slice(EXPORT_MARK.length))
}

/** Rspack writes missing values down as empty ones. */
function isOursAlone(info: AssetInfo): boolean {
  return MARKS_OF_OTHERS.every(mark => {
    const value = info[mark]
    return !value || (Array.isArray(value) && value.length === 0)
  })
}

function modulesByAsset(modules: Iterable<Module>): ReadonlyMap<string, readonly Module[]> {
  const byAsset = new Map<string, Module[]>()
  for (const module of modules) {
    for (const name of Object.keys(module.buildInfo?.assets ?? {})) {
      const emitting = byAsset.get(name)
      if (emitting) emitting.push(module)
      else byAsset.set(name, [module])
    }
  }
  return byAsset
}

/** A file that no module of this compilation emitted comes from a child of it, which has a graph of its own. */
function isUnused(
  { moduleGraph }: Compilation,
  modules: readonly Module[] = [],
  exportNames: readonly string[],
): boolean {
  return (
    modules.length > 0 &&
    modules.every(module => {
      const exports = moduleGraph.getExportsInfo(module)
      return exportNames.every(name => exports.getUsed(name, undefined) === UNUSED)
    })
  )
}

/** `static/media/[hash][ext]` puts images where the project has its other assets. */
export function assetFolder(template: unknown): string {
  if (typeof template !== 'string') return ''
  const folder = path.posix.dirname(template)
  return folder === '.' || folder.includes('[') ? '' : `${folder}/`
}
