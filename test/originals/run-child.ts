import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { temporaryFolder } from '../support/folder.ts'

export interface ChildOutcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** Packages that bring CommonJS ask for `require`. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/**
 * Bundles a script of `children/`, so that it starts in an instant; returns the file to run. sharp
 * stays outside: a script that needs it must lie where it resolves.
 */
export async function bundleChild(script: string, folder: string): Promise<string> {
  const outfile = join(folder, script.replace(/\.ts$/, '.mjs'))
  const entry = fileURLToPath(new URL(`children/${script}`, import.meta.url))
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['sharp'],
    banner: { js: REQUIRE },
  })
  return outfile
}

export function spawnChild(file: string, ...rest: string[]): ChildProcess {
  return spawn(process.execPath, [file, ...rest], { stdio: ['pipe', 'pipe', 'inherit'] })
}

/** Runs a bundled script with faults injected into its system calls, as strace writes them. */
export async function runWithFaults(
  faults: readonly string[],
  file: string,
  ...rest: string[]
): Promise<ChildOutcome> {
  const inject = faults.flatMap(fault => ['-e', `inject=${fault}`])
  const trace = `trace=${faults.map(fault => fault.split(':')[0])}`
  return ended(spawnTraced(['-o', '/dev/null', '-e', trace, ...inject], file, rest))
}

/** Runs a bundled script and gives its system calls of some kinds, in order, as strace writes them. */
export async function traceCalls(
  calls: readonly string[],
  file: string,
  ...rest: string[]
): Promise<string[]> {
  const log = join(await temporaryFolder(), 'strace.txt')
  await ended(spawnTraced(['-y', '-s', '0', '-o', log, '-e', `trace=${calls}`], file, rest))
  const lines = (await readFile(log, 'utf8')).split('\n').filter(line => line.includes('('))
  // Faults are counted per thread; the busiest thread is the one of the files.
  const thread = (line: string) => line.slice(0, line.indexOf(' '))
  const byThread = [...new Set(lines.map(thread))].map(one =>
    lines.filter(line => thread(line) === one),
  )
  return byThread.sort((a, b) => b.length - a.length)[0] ?? []
}

function spawnTraced(options: readonly string[], file: string, rest: readonly string[]) {
  return spawn('strace', ['-f', '-qq', ...options, process.execPath, file, ...rest], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // One thread for file operations, so that their system calls always have the same order.
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  })
}

export async function ended(child: ChildProcess): Promise<ChildOutcome> {
  let output = ''
  child.stdout?.on('data', chunk => {
    output += chunk
  })
  const [code, signal] = await once(child, 'close')
  return { code, signal, output }
}

/** Whether faults can be injected here; where not, the tests that need it are skipped. */
export const canInjectFaults =
  spawnSync('strace', '-f -qq -o /dev/null -e inject=chroot:error=EPERM true'.split(' ')).status ===
  0
