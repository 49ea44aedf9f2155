import path from 'node:path'
import { readProcessVariable } from '../config/environment.ts'
import type { Options } from '../config/options.ts'
import { shownError } from '../text/shown-text.ts'

/** Where exact types lie after they were written. */
export interface PreparedTypes {
  /** Absolute path of the project's root. */
  readonly root: string
  /** Absolute path of the tree that mirrors it; undefined where types lie beside manifests, or nowhere. */
  readonly mirror: string | undefined
}

/** Writes exact types before a framework checks any. Sends nothing. Faulty manifests are left to builds. */
export async function prepareTypes(inline: Options, folder: string): Promise<PreparedTypes> {
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
    } finally {
      await pipeline.close()
    }
    const { root, cacheDir, types } = pipeline.options
    return { root, mirror: types === 'mirror' ? path.join(cacheDir, 'types') : undefined }
  } catch (error) {
    throw shownError(error)
  }
}
