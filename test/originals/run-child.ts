import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface ChildOutcome {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly output: string
}

/** Bundles a script of `children/`, so that it starts in an instant; returns the file to run. */
export async function bundleChild(script: string, folder: string): Promise<string> {
  const outfile = join(folder, script.replace(/\.ts$/, '.mjs'))
  const entry = fileURLToPath(new URL(`children/${script}`, import.meta.url))
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm' })
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
  const child = spawn(
    'strace',
    ['-f', '-qq', '-o', '/dev/null', '-e', trace, ...inject].concat(process.execPath, file, rest),
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // One thread for file operations: their system calls come in the same order each time.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    },
  )
  return ended(child)
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
