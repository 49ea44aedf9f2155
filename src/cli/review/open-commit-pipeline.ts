import path from 'node:path'
import { loadConfig } from '../../config/load-config.ts'
import type { Options } from '../../config/options.ts'
import { resolveOptions } from '../../config/resolve-options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { type CommitCheckout, checkoutCommit } from '../../gallery/review/checkout-commit.ts'
import { createPipeline } from '../../pipeline/engine/create-pipeline.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import { loadProject } from '../../project/load-project.ts'
import { PRESETS } from '../../provider/presets.ts'
import { exists } from '../../system/files/present-file.ts'
import type { CommandSession } from '../command-session.ts'

/** A project as it was in a commit. Its pipeline requests nothing. */
export interface CommitPipeline {
  readonly pipeline: InternalPipeline
  /** Short hash. */
  readonly commit: string
  close(): Promise<void>
}

/** @throws ConfigError when there is no such commit */
export async function openCommitPipeline(
  since: string,
  present: InternalPipeline,
  { context, flags }: CommandSession,
): Promise<CommitPipeline> {
  const { readVariable, cwd } = context
  const { root, cacheDir, renditionsDir } = present.options
  const project = await loadProject(flags.root === undefined ? {} : { root: flags.root }, {
    start: cwd,
    ...(flags.config !== undefined && { config: flags.config }),
  })
  const then = await checkoutCommit({ root, cacheDir, since })
  const options = await optionsThen(then, {
    root,
    config: project.found.config,
    given: project.given,
  })
  const resolved = resolveOptions(options, { readVariable, presets: PRESETS, root: then.root })
  const pipeline = createPipeline(
    { ...resolved, mode: 'frozen', cacheDir: then.cacheDir, renditionsDir },
    { readVariable },
  )
  return {
    pipeline,
    commit: then.commit,
    async close() {
      await pipeline.close()
      await then.remove()
    },
  }
}

interface PresentConfig {
  readonly root: string
  readonly config: string | undefined
  readonly given: Options
}

/** The configuration of the commit; where that can't be loaded, the one that is there now. */
async function optionsThen(
  then: CommitCheckout,
  { root, config, given }: PresentConfig,
): Promise<Options> {
  if (config === undefined) return given
  const file = path.join(then.root, path.relative(root, config))
  if (!(await exists(file))) return given
  return loadConfig(file).catch(error => {
    if (error instanceof ConfigError) return given
    throw error
  })
}
