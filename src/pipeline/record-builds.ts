import { realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Options } from '../config/options.ts'
import { findProject, type ProjectStart } from '../project/find-project.ts'
import { loadProject } from '../project/load-project.ts'
import type { InternalPipeline } from './pipeline.ts'
import {
  type BuildRecord,
  configState,
  inlineNames,
  recordedOptions,
  writeRecord,
} from './project/build-record.ts'

export interface RecordedBuild {
  /** Which bundler's plugin it is. */
  readonly host: string
  readonly start: ProjectStart
  readonly inline: Options
}

/**
 * The pipeline of a plugin instance, which leaves a record of its options and of the manifests that
 * it is asked for. A draft leaves none: it neither requests nor keeps anything.
 */
export function recordBuilds(pipeline: InternalPipeline, build: RecordedBuild): InternalPipeline {
  if (pipeline.options.mode === 'draft') return pipeline
  const manifests = new Set<string>()
  let writing: Promise<void> | undefined
  let written = 0

  async function write(): Promise<void> {
    const places = await placesOf(pipeline, build)
    while (written < manifests.size) {
      written = manifests.size
      const record = await describeBuild(pipeline, build, [...manifests])
      for (const place of places) await writeRecord(place, record)
    }
  }

  function use(file: string): void {
    manifests.add(path.resolve(pipeline.options.root, file))
    // A cache that can't be written is read all the same.
    writing ??= write()
      .catch(() => undefined)
      .finally(() => {
        writing = undefined
      })
  }

  async function close(how?: { readonly abort?: boolean }): Promise<void> {
    await Promise.all([writing, pipeline.close(how)])
  }

  return {
    ...pipeline,
    inspect(file) {
      use(file)
      return pipeline.inspect(file)
    },
    resolveModule(file) {
      use(file)
      return pipeline.resolveModule(file)
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

/** The cache directory, and the one where a command looks that does not know the plugin's options. */
async function placesOf(
  { options: { cacheDir } }: InternalPipeline,
  { start, inline }: RecordedBuild,
): Promise<readonly string[]> {
  if (inline.root === undefined && inline.cacheDir === undefined) return [cacheDir]
  const { options } = await loadProject({}, start)
  return [...new Set([cacheDir, path.resolve(options.root, options.cacheDir ?? '.imagegen')])]
}

async function describeBuild(
  { options }: InternalPipeline,
  { host, start, inline }: RecordedBuild,
  manifests: string[],
): Promise<BuildRecord> {
  const found = await findProject(start)
  return {
    version: 1,
    host,
    start: start.start,
    run: `${process.pid} ${performance.timeOrigin}`,
    time: new Date().toISOString(),
    project: await realpath(found.root).catch(() => found.root),
    config: await configState(found.config),
    inline: [...inlineNames(inline)],
    options: recordedOptions(options),
    manifests,
  }
}
