import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Options } from '../../config/options.ts'
import { VERSION } from '../../config/version.ts'
import { sha256 } from '../../system/digest.ts'
import { shownText } from '../../text/shown-text.ts'
import type { TestModuleAnswer } from './serve-test-modules.ts'
import { renderTestModule, type TestModule } from './test-module.ts'

/** Nothing is requested, so that only a disk that hangs takes longer, in milliseconds. */
const LONGEST_WAIT = 60_000

/** As much of what Jest hands to a transformer as is used. */
export interface JestTransformOptions {
  readonly config: { readonly rootDir: string }
  readonly supportsStaticESM: boolean
}

/** As much of Jest's interface for synchronous transformers as manifests need. */
export interface JestTransformer {
  readonly canInstrument: false
  getCacheKey(text: string, file: string, options: JestTransformOptions): string
  process(text: string, file: string, options: JestTransformOptions): { readonly code: string }
}

/**
 * Jest transforms synchronously, and manifests are read with promises: a worker reads them, and this
 * thread waits. Jest's cache cannot know what else a module depends on (`extends`, originals that
 * came), so that its key is the module itself.
 * @param worker URL of the worker's script
 */
export function createJestTransformer(options: Options, worker: URL): JestTransformer {
  const modules = new Map<string, (file: string) => TestModule>()

  function codeOf(file: string, { config: { rootDir }, supportsStaticESM }: JestTransformOptions) {
    const read = modules.get(rootDir) ?? startReader({ options, start: rootDir }, worker)
    modules.set(rootDir, read)
    return renderTestModule(read(file), { isESM: supportsStaticESM })
  }

  return {
    canInstrument: false,
    getCacheKey: (_text, file, given) => sha256(`${VERSION}\n${codeOf(file, given)}`),
    process: (_text, file, given) => ({ code: codeOf(file, given) }),
  }
}

function startReader(
  start: { readonly options: Options; readonly start: string },
  script: URL,
): (file: string) => TestModule {
  const signal = new Int32Array(new SharedArrayBuffer(4))
  const { port1: port, port2 } = new MessageChannel()
  const worker = new Worker(script, {
    workerData: { ...start, port: port2, signal },
    transferList: [port2],
  })
  // Neither keeps Jest from ending.
  worker.unref()
  port.unref()
  return file => {
    Atomics.store(signal, 0, 0)
    port.postMessage(file)
    Atomics.wait(signal, 0, 0, LONGEST_WAIT)
    const received: { readonly message: TestModuleAnswer } | undefined = receiveMessageOnPort(port)
    if (!received) throw new Error(`${file} was not read within a minute.`)
    const { message } = received
    if ('problem' in message) throw asMistake(message.problem)
    return message.module
  }
}

/** Jest prints the stack, which would repeat the message and lead into this package. */
function asMistake(problem: string): Error {
  const error = new Error(shownText(problem))
  error.stack = ''
  return error
}
