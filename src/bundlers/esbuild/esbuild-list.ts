import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { BuildResult, PartialMessage, PluginBuild } from 'esbuild'
import { assetIdentity, hashedBase } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'
import { projectPath } from '../../system/project-path.ts'
import { type ListedImages, listImages, relativeUrl } from '../listed/list-images.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import type { EsbuildNames } from './esbuild-names.ts'

/** The list of every image, which a build writes where the option `assets` says so. */
export interface EsbuildList {
  /** A build begins: makes sure that every image is there. */
  begin(): Promise<readonly PartialMessage[]>
  /** Writes all pictures that are not there yet, and the list of them. */
  finish(result: BuildResult): Promise<void>
}

export interface EsbuildListDeps {
  readonly session: PluginSession
  readonly build: PluginBuild
  readonly names: EsbuildNames
  /** Beginning of the paths, in the metafile, of files that modules import. */
  readonly namespace: string
}

export function createEsbuildList(deps: EsbuildListDeps): EsbuildList {
  const { session, build, names } = deps
  let listed: ListedImages | undefined
  return {
    async begin() {
      const warnings: PartialMessage[] = []
      listed = undefined
      listed = await listImages(session, {
        // Manifests that code imports are followed; esbuild watches nothing else.
        addWatchFile: () => undefined,
        warn: text => void warnings.push({ text }),
      })
      return warnings
    },
    async finish(result) {
      if (!listed) return
      const { fileName, files, render } = listed
      const written = writtenNames(result, deps)
      for (const file of files) {
        const identity = assetIdentity(file)
        if (written.has(identity)) continue
        const name = file.fixedName ?? nameOf(file, build)
        written.set(identity, name)
        await names.write(name, await readFile(file.path), result)
      }
      const { publicPath } = build.initialOptions
      const text = render(file => {
        const name = written.get(assetIdentity(file)) ?? ''
        if (publicPath === undefined) return relativeUrl(name, fileName)
        return `${publicPath.replace(/\/$/, '')}/${encodeURI(name)}`
      })
      await names.write(fileName, Buffer.from(text), result)
    },
  }
}

/** The pictures that esbuild wrote for code that uses them, by what tells files apart. */
function writtenNames(
  { metafile }: BuildResult,
  { build: { initialOptions }, namespace }: EsbuildListDeps,
): Map<string, string> {
  const { absWorkingDir: root = process.cwd(), outdir, outfile = '' } = initialOptions
  const folder = path.resolve(root, outdir ?? path.dirname(outfile))
  const names = new Map<string, string>()
  for (const [output, { inputs }] of Object.entries(metafile?.outputs ?? {})) {
    const [input = '', ...others] = Object.keys(inputs)
    const [, identity] = input.startsWith(namespace) ? input.split(/[:/]/) : []
    if (identity === undefined || others.length > 0 || /\.(?:[cm]?js|css)$/.test(output)) continue
    names.set(identity, projectPath(folder, path.resolve(root, output)))
  }
  return names
}

/** Where esbuild would put it. */
function nameOf(
  file: AssetFile,
  { initialOptions: { assetNames = '[name]' } }: PluginBuild,
): string {
  const folder = path.posix.dirname(assetNames.replaceAll('[dir]', '.'))
  return path.posix.join(folder, `${hashedBase(file)}.${file.extension}`)
}
