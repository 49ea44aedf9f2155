import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { BuildResult, PluginBuild } from 'esbuild'
import type { PluginSession } from '../session/plugin-session.ts'
import type { Output } from './find-suspects.ts'
import { guardOutputs } from './guard-outputs.ts'
import { requestMetafile } from './request-metafile.ts'

/**
 * {@link guardOutputs} for esbuild, which writes before it tells: what it wrote stands in the
 * metafile, which is asked for here and taken away again where nobody else wants it.
 */
export function guardEsbuild(
  session: PluginSession,
  { initialOptions, onEnd }: PluginBuild,
  toResult: (error: unknown) => Awaited<ReturnType<Parameters<PluginBuild['onEnd']>[0]>>,
): void {
  const takeAway = requestMetafile(initialOptions)
  const root = initialOptions.absWorkingDir ?? process.cwd()
  onEnd(async result => {
    const { metafile } = result
    takeAway(result)
    if (result.errors.length > 0 || !metafile) return
    try {
      await guardOutputs(
        session,
        await readOutputs(result, Object.keys(metafile.outputs), root),
        () => Object.keys(metafile.inputs).map(input => path.resolve(root, input)),
      )
    } catch (error) {
      return toResult(error)
    }
  })
}

async function readOutputs(
  { outputFiles }: BuildResult,
  names: readonly string[],
  root: string,
): Promise<readonly Output[]> {
  if (outputFiles) {
    return outputFiles.map(({ path: file, contents }) => ({
      name: path.relative(root, file),
      content: contents,
    }))
  }
  const found: Output[] = []
  for (const name of names) {
    // Without a folder to write to there are no files.
    const content = await readFile(path.resolve(root, name)).catch(() => undefined)
    if (content) found.push({ name, content })
  }
  return found
}
