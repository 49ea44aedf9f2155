import path from 'node:path'
import { plainError } from '../bundlers/session/plain-error.ts'
import { readProcessVariable } from '../config/environment.ts'
import type { Options } from '../config/options.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'

/** Where exact types lie after they were written. */
export interface PreparedTypes {
  /** Absolute path of the project's root. */
  readonly root: string
  /** Absolute path of the tree that mirrors it; undefined where types lie beside manifests, or nowhere. */
  readonly mirror: string | undefined
}

/** Writes exact types before a framework checks any. Sends nothing. Faulty manifests are left to builds. */
export async function prepareTypes(inline: Options, folder: string): Promise<PreparedTypes> {
  return withPipeline(inline, folder, async ({ options: { root, cacheDir, types } }) => ({
    root,
    mirror: types === 'mirror' ? path.join(cacheDir, 'types') : undefined,
  }))
}

/**
 * Writes exact types as {@link prepareTypes} does.
 * @returns the text of a declaration file that has them as well; empty where `types` is false
 */
export async function prepareAmbientTypes(inline: Options, folder: string): Promise<string> {
  return withPipeline(inline, folder, async pipeline => {
    if (pipeline.options.types === false) return ''
    const { describeAmbientTypes } = await import('../pipeline/types/ambient-types.ts')
    return (await describeAmbientTypes(pipeline)).join('\n')
  })
}

async function withPipeline<Result>(
  inline: Options,
  folder: string,
  work: (pipeline: Pipeline) => Promise<Result>,
): Promise<Result> {
  // Loaded here: a configuration that merely names the entry stays quick.
  const [{ openProject }, { createPipeline }, { withoutNetwork }, { syncTypes }] =
    await Promise.all([
      import('../pipeline/open-pipeline.ts'),
      import('../pipeline/engine/create-pipeline.ts'),
      import('../config/without-network.ts'),
      import('../pipeline/types/sync-types.ts'),
    ])
  try {
    const project = await openProject(inline, { start: folder, readVariable: readProcessVariable })
    const pipeline = createPipeline(withoutNetwork(project.options))
    await project.close()
    try {
      await syncTypes(pipeline)
      return await work(pipeline)
    } finally {
      await pipeline.close()
    }
  } catch (error) {
    throw plainError(error)
  }
}
