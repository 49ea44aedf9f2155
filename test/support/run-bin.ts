import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { makeDependentFolder, removeFolder } from './folder.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

export interface BinResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface BinOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Typed right away. */
  readonly input?: string
  /** Called with all of stderr so far, whenever more comes. */
  readonly onStderr?: (text: string, interrupt: (signal: NodeJS.Signals) => void) => void
}

export interface Bin {
  /** Absolute path of the script. */
  readonly file: string
  run(args: readonly string[], options: BinOptions): Promise<BinResult>
  /** In a pseudo terminal: stdout and stderr are one, and come as `stdout`. */
  runInTerminal(args: readonly string[], options: BinOptions): Promise<BinResult>
  remove(): Promise<void>
}

/** Whether util-linux's `script`, which opens the pseudo terminal, is on this machine. */
export const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script')

/**
 * The real bin: the built one when it is newer than every source, else the same sources bundled
 * just now, in a place where it finds its dependencies.
 */
export async function prepareBin(): Promise<Bin> {
  const built = path.join(REPOSITORY, 'dist/bin.mjs')
  const fresh = await isNewerThanSources(built)
  const bundled = fresh ? undefined : await bundle()
  const file = bundled ? path.join(bundled, 'dist/bin.mjs') : built
  return {
    file,
    run: (args, options) => start(process.execPath, [file, ...args], options),
    runInTerminal: (args, options) => {
      const command = [process.execPath, file, ...args].map(quote).join(' ')
      return start(
        '/usr/bin/script',
        ['-qec', `stty rows 30 cols 100 -echo; ${command}`, '/dev/null'],
        options,
      )
    },
    async remove() {
      if (bundled) await removeFolder(bundled)
    },
  }
}

async function bundle(): Promise<string> {
  const folder = await makeDependentFolder()
  await build({
    entryPoints: [path.join(REPOSITORY, 'src/bin.ts')],
    outdir: path.join(folder, 'dist'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  })
  // The gallery's page is found through the package's own name.
  const exports = { './package.json': './package.json' }
  const manifest = JSON.stringify({ name: 'unplugin-imagegen', type: 'module', exports })
  await writeFile(path.join(folder, 'package.json'), manifest)
  const page = path.join(REPOSITORY, 'src/gallery/page')
  const gallery = path.join(folder, 'dist/gallery')
  await build({
    entryPoints: { gallery: path.join(page, 'main.tsx') },
    outdir: gallery,
    bundle: true,
    logLevel: 'error',
  })
  await cp(path.join(page, 'styles'), path.join(gallery, 'styles'), { recursive: true })
  return folder
}

async function isNewerThanSources(file: string): Promise<boolean> {
  const built = await stat(file).catch(() => undefined)
  if (!built) return false
  const sources = path.join(REPOSITORY, 'src')
  const names = await readdir(sources, { recursive: true })
  const times = await Promise.all(
    names.map(async name => (await stat(path.join(sources, name))).mtimeMs),
  )
  return times.every(time => time < built.mtimeMs)
}

/** Keeps this machine's environment out of tests. */
function cleanEnvironment(env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env
  return { PATH, HOME, TERM: 'xterm-256color', ...env }
}

function start(command: string, args: readonly string[], options: BinOptions): Promise<BinResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: cleanEnvironment(options.env) })
    let [stdout, stderr] = ['', '']
    child.stdin.on('error', () => undefined).end(options.input)
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
      options.onStderr?.(stderr, signal => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
