import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { children, peers } from './peers.ts'

/** What one process told about itself: `wall` and `cpu` in milliseconds, `memory` in bytes, and notes. */
export type Figures = Readonly<Record<string, number>>

export interface Run {
  /** File name in `children`, or an absolute path. */
  readonly script: string
  readonly input?: object
  /** Arguments instead of `input`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** @default the folder of the peers */
  readonly cwd?: string
  /** How many cores it may use, where the machine has more and `taskset`. @default all */
  readonly cores?: number
  /** The exit code of a run that did its work. @default 0 */
  readonly exitCode?: number
}

/** No process of a benchmark takes longer, in milliseconds. */
const TIMEOUT = 900_000

/** Runs a script as a process of its own and returns its figures. */
export async function measure(run: Run): Promise<Figures> {
  const child = start(run)
  const [figures, complaints] = await Promise.all([
    readAll(child.stdio[3]),
    readAll(child.stderr),
    readAll(child.stdout),
    once(child, 'close'),
  ])
  if (child.exitCode !== (run.exitCode ?? 0)) {
    throw new Error(
      `${run.script} ended with ${child.exitCode ?? child.signalCode}:\n${complaints}`,
    )
  }
  return JSON.parse(figures)
}

/** Starts a server; ready once it has printed its base URL. */
export async function serve(input: object): Promise<{ url: string; close(): void }> {
  const child = start({ script: 'api-server.mjs', input })
  child.stderr?.pipe(process.stderr)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()))
    child.once('exit', code => reject(new Error(`The API server ended with ${code}.`)))
  })
  return { url, close: () => child.kill() }
}

/** The URLs of all modules that importing one loads. */
export async function listLoaded(module: string): Promise<readonly string[]> {
  const child = start({ script: 'list-loaded.mjs', input: { module } })
  const [text] = await Promise.all([readAll(child.stdout), once(child, 'close')])
  return text.split('\n').filter(Boolean)
}

function start({ script, input, args, env, cwd, cores }: Run): ChildProcess {
  const report = pathToFileURL(path.join(children, 'report.mjs')).href
  const file = path.resolve(children, script)
  const command = ['--import', report, file, ...(args ?? [JSON.stringify(input ?? {})])]
  const [program = '', ...rest] = [...pinned(cores), process.execPath, ...command]
  return spawn(program, rest, {
    cwd: cwd ?? peers,
    env: {
      ...process.env,
      LLMEASY_API_KEY: 'bench',
      BENCH_PARENT: String(process.pid),
      NODE_ENV: 'production',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    timeout: TIMEOUT,
  })
}

/** The command in front of one that may use only so many cores. */
function pinned(cores: number | undefined): readonly string[] {
  const isLess = cores !== undefined && cores < availableParallelism()
  return isLess ? ['taskset', '-c', `0-${cores - 1}`] : []
}

async function readAll(stream: ChildProcess['stdio'][3] | undefined): Promise<string> {
  if (!stream || !('setEncoding' in stream)) return ''
  stream.setEncoding('utf8')
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}
