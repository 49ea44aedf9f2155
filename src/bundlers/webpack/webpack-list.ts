import { readFile } from 'node:fs/promises'
import type { Compilation, Compiler } from 'webpack'
import { assetIdentity, hashedAssetName } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'
import { type ListedImages, listImages, relativeUrl } from '../listed/list-images.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { assetFolder } from './webpack-assets.ts'

/** The list of every image, which a build writes where the option `assets` says so. */
export interface WebpackList {
  /** A build begins: makes sure that every image is there. */
  begin(compilation: Compilation): Promise<void>
  /** Emits all pictures that are not there yet, and the list of them. */
  emit(compilation: Compilation): Promise<void>
}

export function createWebpackList(session: PluginSession, compiler: Compiler): WebpackList {
  const lists = new WeakMap<Compilation, ListedImages>()

  function nameOf(file: AssetFile): string {
    const folder = assetFolder(compiler.options.output.assetModuleFilename)
    return file.fixedName ?? folder + hashedAssetName(file)
  }

  return {
    async begin(compilation) {
      // A development server shows drafts, and a list of those would wait for pictures.
      if (compiler.watchMode) return
      const listed = await listImages(session, {
        addWatchFile: file => compilation.fileDependencies.add(file),
        addMissingFile: file => compilation.missingDependencies.add(file),
        warn: message => void compilation.warnings.push(new Error(message)),
      })
      if (listed) lists.set(compilation, listed)
    },
    async emit(compilation) {
      const listed = lists.get(compilation)
      if (!listed) return
      const { RawSource } = compiler.webpack.sources
      const names = new Map(listed.files.map(file => [assetIdentity(file), nameOf(file)]))
      for (const file of listed.files) {
        const name = names.get(assetIdentity(file)) ?? nameOf(file)
        if (compilation.getAsset(name)) continue
        const info = file.fixedName === undefined ? { immutable: true } : {}
        compilation.emitAsset(name, new RawSource(await readFile(file.path)), info)
      }
      const { fileName } = listed
      const publicPath = publicPathOf(compilation)
      const text = listed.render(file => {
        const name = names.get(assetIdentity(file)) ?? nameOf(file)
        return publicPath === undefined ? relativeUrl(name, fileName) : publicPath + encodeURI(name)
      })
      compilation.emitAsset(fileName, new RawSource(text))
    },
  }
}

/** Undefined where only a page knows it. */
function publicPathOf({ outputOptions, hash }: Compilation): string | undefined {
  const { publicPath } = outputOptions
  if (typeof publicPath !== 'string' || ['', 'auto'].includes(publicPath)) return undefined
  return publicPath.replaceAll('[fullhash]', hash ?? '')
}
