import type { MessagePort } from 'node:worker_threads'
import { readProcessVariable } from '../../config/environment.ts'
import type { Options } from '../../config/options.ts'
import { withoutNetwork } from '../../config/without-network.ts'
import { testAssetOf } from '../../dev/images/test-asset.ts'
import { createPipeline } from '../../pipeline/engine/create-pipeline.ts'
import { openProject } from '../../pipeline/open-pipeline.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { TestModule } from './test-module.ts'

/** What the worker is started with. */
export interface TestModulesStart {
  readonly port: MessagePort
  /** One number: 1 once an answer was posted. */
  readonly signal: Int32Array
  readonly options: Options
  /** Absolute path of the folder where the search for the project begins. */
  readonly start: string
}

/** Describes the module of the manifest whose path was posted, or says what is wrong with it. */
export type TestModuleAnswer = { readonly module: TestModule } | { readonly problem: string }

/** Answers for the module of each manifest that is asked for. Requests and writes nothing. */
export function serveTestModules({ port, signal, options, start }: TestModulesStart): void {
  const pipeline = openOffline(options, start)
  // Its error is told with each answer.
  pipeline.catch(() => {})
  port.on('message', async (file: string) => {
    const answer = await describe(file, pipeline)
    port.postMessage(answer)
    Atomics.store(signal, 0, 1)
    Atomics.notify(signal, 0)
  })
}

async function openOffline(options: Options, start: string): Promise<Pipeline> {
  const opened = await openProject(options, { start, readVariable: readProcessVariable })
  return createPipeline(withoutNetwork(opened.options))
}

async function describe(file: string, opened: Promise<Pipeline>): Promise<TestModuleAnswer> {
  try {
    const { manifest, images } = await (await opened).inspect(file)
    return {
      module: {
        single: manifest.single,
        images: images.map(inspected => ({
          name: inspected.planned.id.name,
          exportName: inspected.planned.image.exportName,
          asset: testAssetOf(inspected, images),
        })),
      },
    }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}
