import { randomBytes } from 'node:crypto'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Options } from '../config/options.ts'
import type { ProviderOptions } from '../config/provider/provider-options.ts'
import type { OriginalEntry } from '../originals/original.ts'
import { openProject } from '../pipeline/open-pipeline.ts'
import type { InternalPipeline } from '../pipeline/pipeline.ts'
import { loadSharp } from '../renditions/encode/sharp.ts'
import { type ConformanceServer, startConformanceServer } from './conformance-server.ts'
import type { ConformanceSubject } from './conformance-subject.ts'

/** Must be found nowhere but in requests. */
export const CANARY = 'sk-conformance-0123456789'

/** A project of one image, and the API that its provider asks. */
export interface Bench {
  readonly subject: ConformanceSubject
  readonly server: ConformanceServer
  /** Absolute path. */
  readonly root: string
  /** What happened, as JSON: nothing of it may hold the key. */
  readonly told: string[]
  /** Opens a pipeline that is closed with the bench. */
  open(options?: Options): Promise<InternalPipeline>
}

export type Test = (bench: Bench) => Promise<void>

/** Runs one test on a bench of its own. */
export async function onBench(subject: ConformanceSubject, test: Test): Promise<void> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'imagegen-conformance-')))
  const server = await startConformanceServer()
  const opened: InternalPipeline[] = []
  const told: string[] = []
  await writeFile(path.join(root, 'hero.image.yaml'), 'prompt: A lighthouse\n')
  try {
    await test({
      subject,
      server,
      root,
      told,
      async open(options = {}) {
        const pipeline = await openBench({ subject, server, root }, options)
        pipeline.on(event => told.push(JSON.stringify(event)))
        opened.push(pipeline)
        return pipeline
      },
    })
  } finally {
    for (const pipeline of opened) await pipeline.close({ abort: true })
    await server.close()
    await rm(root, { recursive: true, force: true, maxRetries: 3 })
  }
}

function openBench(
  { subject, server, root }: Pick<Bench, 'subject' | 'server' | 'root'>,
  options: Options,
): Promise<InternalPipeline> {
  const provider: ProviderOptions = {
    ...subject.provider({ url: server.url, apiKey: CANARY }),
    retry: { delays: [1, 1, 1] },
    ...options.provider,
  }
  return openProject(
    { root, onSizeMismatch: 'ignore', ...options, provider },
    {
      start: root,
      readVariable: name => (/KEY|TOKEN|SECRET/.test(name) ? CANARY : undefined),
    },
  )
}

/** A square picture that no other one has the bytes of. */
export async function drawPicture(width = 48, channels: 3 | 4 = 3): Promise<Buffer> {
  const height = width
  const sharp = await loadSharp()
  return sharp(randomBytes(width * height * channels), { raw: { width, height, channels } })
    .png()
    .toBuffer()
}

/** The entries of a pipeline's cache. */
export async function entriesOf({ originals }: InternalPipeline): Promise<OriginalEntry[]> {
  const entries: OriginalEntry[] = []
  for await (const { entry } of originals.list()) entries.push(entry)
  return entries
}

/** What a promise rejects with; undefined when it does not. */
export function rejectionOf(work: Promise<unknown>): Promise<Error | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  )
}
