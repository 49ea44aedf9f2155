import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BuildOptions, BuildResult, PluginBuild } from 'esbuild'
import type { AssetFile } from '../../module/image-template.ts'
import { sha256 } from '../../system/digest.ts'
import { projectPath } from '../../system/project-path.ts'

/** Files of one esbuild build that have fixed names, which esbuild gives to no single file. */
export interface EsbuildNames {
  /**
   * Notes a file.
   * @param root JavaScript expression of {@link ROOT_FILE}'s URL
   * @returns the expression of the file's URL
   */
  add(file: AssetFile & { readonly fixedName: string }, root: string): string
  /** Writes a file beside esbuild's output. */
  write(name: string, contents: Uint8Array, result: BuildResult): Promise<void>
  /** Writes the files that were added, and removes {@link ROOT_FILE} from the output. */
  finish(result: BuildResult): Promise<void>
  reset(): void
}

/**
 * Name of an empty file that is imported through esbuild's own loader. Only of such files esbuild
 * tells what leads to them from a script: its folder, splitting and `publicPath` are in their URLs.
 */
export const ROOT_FILE = 'unplugin-imagegen.root'

/** @param identifier path of {@link ROOT_FILE} in the metafile, with its namespace */
export function createEsbuildNames(
  { initialOptions }: PluginBuild,
  identifier: string,
): EsbuildNames {
  const files = new Map<string, AssetFile>()
  const workingDir = initialOptions.absWorkingDir ?? process.cwd()

  async function write(name: string, contents: Uint8Array, result: BuildResult): Promise<void> {
    const target = path.join(outputFolder(initialOptions, workingDir), name)
    if (initialOptions.write === false) {
      const text = Buffer.from(contents).toString()
      result.outputFiles?.push({ path: target, contents, hash: sha256(contents), text })
    } else {
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, contents)
    }
    if (!result.metafile) return
    const output = projectPath(workingDir, target)
    const bytes = contents.length
    result.metafile.outputs[output] = { bytes, inputs: {}, imports: [], exports: [] }
  }

  async function removeRoot(result: BuildResult): Promise<void> {
    // It alone tells where the empty file came to lie; the guard asks for it, and ends after us.
    const outputs = result.metafile?.outputs ?? {}
    for (const [output, { bytes, inputs }] of Object.entries(outputs)) {
      // A script may be made of this module alone, too, but it is not empty.
      if (bytes > 0 || Object.keys(inputs).join() !== identifier) continue
      delete outputs[output]
      for (const other of Object.values(outputs)) {
        other.imports = other.imports.filter(imported => imported.path !== output)
      }
      const file = path.resolve(workingDir, output)
      if (initialOptions.write !== false) await rm(file, { force: true })
      const index = result.outputFiles?.findIndex(other => other.path === file) ?? -1
      if (index >= 0) result.outputFiles?.splice(index, 1)
    }
  }

  return {
    add(file, root) {
      files.set(file.fixedName, file)
      const depth = assetDepth(initialOptions)
      return `${root}.split("/").slice(0, -${depth}).concat(${JSON.stringify(file.fixedName)}).join("/")`
    },
    async finish(result) {
      await removeRoot(result)
      for (const [name, file] of files) await write(name, await readFile(file.path), result)
    },
    write,
    reset: () => files.clear(),
  }
}

function outputFolder({ outdir, outfile = '' }: BuildOptions, workingDir: string): string {
  return path.resolve(workingDir, outdir ?? path.dirname(outfile))
}

/** Parts of the path that assets have below the output's root. A module without a file has no `[dir]`. */
function assetDepth({ assetNames = '[name]-[hash]' }: BuildOptions): number {
  return path.posix.normalize(assetNames.replaceAll('[dir]', '.')).split('/').length
}
