import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Options, PipelineEvent } from '../../src/api.ts'
import { openProject } from '../../src/pipeline/open-pipeline.ts'
import type { InternalPipeline } from '../../src/pipeline/pipeline.ts'
import { type ApiServer, type ApiServerOptions, createApiServer } from '../api-server/server.ts'
import { type Files, filesBelow, removeFolder, temporaryFolder, writeFiles } from './folder.ts'

export const KEY = 'test-key'

export interface Project {
  readonly root: string
  write(files: Files): Promise<void>
  remove(name: string): Promise<void>
  /** Paths of all files below a folder, relative to the root, with slashes, sorted. */
  files(folder?: string): Promise<string[]>
}

/** A project with these files, removed at the end of the running test. */
export async function createProject(files: Files): Promise<Project> {
  const root = await temporaryFolder()
  await writeFiles(root, files)
  return {
    root,
    write: named => writeFiles(root, named),
    remove: name => removeFolder(path.join(root, name)),
    async files(folder = '') {
      const files = await filesBelow(path.join(root, folder))
      return files.map(file => path.posix.join(folder, file))
    },
  }
}

/** An API server that draws small, closed after the test. */
export async function startApi(options: ApiServerOptions = {}): Promise<ApiServer> {
  const api = await createApiServer({ scale: 1 / 32, ...options })
  onTestFinished(() => api.close())
  return api
}

export interface Opened {
  readonly pipeline: InternalPipeline
  readonly events: readonly PipelineEvent[]
  /** Messages of the warnings so far. */
  warnings(): string[]
}

/** Opens a pipeline as a build would: with a configuration on disk, options and an environment. */
export async function open(
  { root }: Project,
  url: string,
  { env = {}, ...options }: Options & { env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Opened> {
  const variables: Record<string, string | undefined> = { LLMEASY_API_KEY: KEY, ...env }
  const pipeline = await openProject(
    {
      // The test API draws smaller pictures than requested.
      onSizeMismatch: 'ignore',
      ...options,
      provider: { baseURL: url, ...quick(options), ...options.provider },
    },
    { start: root, readVariable: name => variables[name] },
  )
  onTestFinished(() => pipeline.close({ abort: true }))
  const events: PipelineEvent[] = []
  pipeline.on(event => events.push(event))
  return {
    pipeline,
    events,
    warnings: () => events.flatMap(event => (event.type === 'warning' ? event.message : [])),
  }
}

function quick({ provider }: Options): NonNullable<Options['provider']> {
  return { retry: { delays: [1, 1, 1], ...provider?.retry } }
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const failure = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (failure instanceof Error) return failure
  throw new Error('Nothing failed.')
}

/** A message without the parts that differ from run to run. */
export function plain(message: string, { root }: Project, url = ''): string {
  return message
    .replaceAll(root, '<root>')
    .replaceAll(url || '\0', '<api>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<request ID>')
    .replaceAll(/[\da-f]{64}/g, '<key>')
}
