import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { ExampleFailure } from './failure.ts'

export interface CommandPlace {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** All output is appended to it. */
  readonly log: string
}

const MINUTE = 60_000

/** How much of a log a failure shows. */
const TAIL = 3_000

/** @throws ExampleFailure with the end of the output when it fails */
export async function runCommand(
  command: string,
  args: readonly string[],
  place: CommandPlace,
): Promise<string> {
  const { child, output } = start(command, args, place)
  const timer = setTimeout(() => stop(child, 'SIGKILL'), 10 * MINUTE)
  const [code] = await once(child, 'close').finally(() => clearTimeout(timer))
  if (code !== 0)
    throw new ExampleFailure(describe(command, args, `ended with ${code}`, output()), output())
  return output()
}

export interface RunningServer {
  readonly url: string
  /** What it has printed. */
  output(): string
  close(): Promise<void>
}

/**
 * Starts a server and waits for its first answer.
 * @throws ExampleFailure when it ends before
 */
export async function startServer(
  command: string,
  argsOf: (port: number) => readonly string[],
  place: CommandPlace,
): Promise<RunningServer> {
  const port = await freePort()
  const args = argsOf(port)
  const { child, output } = start(command, args, {
    ...place,
    env: { ...place.env, PORT: String(port) },
  })
  const url = `http://localhost:${port}`
  const ended = once(child, 'close')
  for (const deadline = Date.now() + 3 * MINUTE; !(await answers(url)); await wait(100)) {
    if (child.exitCode === null && Date.now() < deadline) continue
    stop(child, 'SIGKILL')
    throw new ExampleFailure(describe(command, args, 'does not answer', output()))
  }
  return {
    url,
    output,
    async close() {
      stop(child, 'SIGTERM')
      const timer = setTimeout(() => stop(child, 'SIGKILL'), 5_000)
      await ended
      clearTimeout(timer)
      // What it started may outlive it.
      stop(child, 'SIGKILL')
    },
  }
}

function start(command: string, args: readonly string[], { cwd, env, log }: CommandPlace) {
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const file = createWriteStream(log, { flags: 'a' })
  file.write(`\n$ ${command} ${args.join(' ')}\n`)
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      file.write(chunk)
    })
  }
  child.once('close', () => file.end())
  return { child, output: () => Buffer.concat(chunks).toString() }
}

/** The whole group: package managers start what was asked for. */
function stop({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { redirect: 'manual' }).then(
    async response => {
      await response.arrayBuffer()
      return true
    },
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

function describe(command: string, args: readonly string[], what: string, output: string): string {
  return `${[command, ...args].join(' ')} ${what}:\n${output.slice(-TAIL)}`
}
