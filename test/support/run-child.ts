import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build } from 'esbuild'
import { temporaryFolder } from './folder.ts'

export interface ChildOutcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** Packages that bring CommonJS ask for `require`. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"

/** `external` dependencies resolve only from inside the repository. */
type Dependencies = 'bundled' | 'external'

/**
 * Bundles a script so that it starts at once; returns the file to run. sharp always stays outside: a
 * script that needs it must lie where it resolves.
 * @param script relative to `test/`
 */
export async function bundleChild(
  script: string,
  folder: string,
  dependencies: Dependencies = 'bundled',
): Promise<string> {
  const outfile = join(folder, basename(script).replace(/\.ts$/, '.mjs'))
  await build({
    entryPoints: [resolve(import.meta.dirname, '..', script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    ...(dependencies === 'bundled'
      ? { external: ['sharp'], banner: { js: REQUIRE } }
      : { packages: 'external' }),
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
