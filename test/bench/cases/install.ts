import { execFile } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { BenchCase, Product } from '../harness/bench-case.ts'
import { table } from '../harness/render-report.ts'

const exec = promisify(execFile)

/** Why the product depends on what it depends on. */
const REASONS: Readonly<Record<string, string>> = {
  commander: 'the command line',
  'fast-glob': 'finds manifests by `include` and `exclude`',
  'fastest-levenshtein': '“did you mean” in messages',
  jiti: 'reads `imagegen.config.ts`',
  'log-update': 'live progress on a terminal',
  'p-limit': 'how much is encoded at once',
  picomatch: 'tells by its path whether a manifest is ours; unplugin needs it as well',
  picocolors: 'colours on a terminal',
  sharp: 'decodes and encodes pictures',
  thumbhash: 'ThumbHash placeholders',
  undici: 'the HTTP client, whose own time limits can be lifted',
  unplugin: 'one plugin for every bundler',
  yaml: 'reads manifests, with positions for messages',
}

/** What `npm install` brings. */
export const install: BenchCase = {
  name: 'install',
  work: 'What installing brings, sharp and what only sharp needs left out.',
  rounds: 1,
  async prepare(folder, product) {
    const { version: imagetools } = JSON.parse(
      await readFile(
        new URL('../node_modules/vite-imagetools/package.json', import.meta.url),
        'utf8',
      ),
    )
    const { version: openai } = JSON.parse(
      await readFile(new URL('../node_modules/openai/package.json', import.meta.url), 'utf8'),
    )
    const own = await installed(folder, 'unplugin-imagegen', product.tarball)
    const sdk = await installed(folder, 'openai', `openai@${openai}`)
    const tools = await installed(folder, 'vite-imagetools', `vite-imagetools@${imagetools}`)
    const packed = (await lstat(product.tarball)).size
    const rows = [own, sdk, tools].map(({ name, packages }) => [
      name,
      kilobytes(sum(packages)),
      String(packages.size),
    ])
    return {
      contenders: [],
      bounds: [
        {
          what: 'installed size, against openai',
          ratio: () => sum(own.packages) / sum(sdk.packages),
          atMost: 1,
        },
      ],
      remarks: [
        `The packed product has ${kilobytes(packed)}.`,
        table(['package', 'installed size', 'packages'], rows),
        renderDependencies(own, product),
        ...(await renderPeer(tools)),
      ],
    }
  },
}

interface Installed {
  readonly name: string
  readonly folder: string
  /** Bytes by path below `node_modules`. */
  readonly packages: ReadonlyMap<string, number>
}

async function installed(folder: string, name: string, spec: string): Promise<Installed> {
  const root = path.join(folder, name)
  await mkdir(root)
  await writeFile(path.join(root, 'package.json'), '{ "private": true }')
  const flags = ['--no-audit', '--no-fund', '--legacy-peer-deps', '--loglevel', 'error']
  await exec('npm', ['install', spec, ...flags], { cwd: root })
  const lock = JSON.parse(
    await readFile(path.join(root, 'node_modules/.package-lock.json'), 'utf8'),
  )
  const needed = reachable(lock.packages, name)
  const packages = new Map<string, number>()
  for (const at of needed) {
    packages.set(at.replace(/^node_modules\//, ''), await sizeOf(path.join(root, at)))
  }
  return { name, folder: root, packages }
}

type LockedPackages = Readonly<
  Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>
>

/** A package and what it needs, without going through sharp. */
function reachable(packages: LockedPackages, name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (at: string) => {
    if (found.has(at)) return
    found.add(at)
    for (const dependency of Object.keys(packages[at]?.dependencies ?? {})) {
      if (dependency === 'sharp') continue
      const nested = `${at}/node_modules/${dependency}`
      visit(nested in packages ? nested : `node_modules/${dependency}`)
    }
  }
  visit(`node_modules/${name}`)
  return found
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true })
  const sizes = entries.map(async entry => {
    // A nested package counts as itself.
    if (entry.name === 'node_modules') return 0
    const file = path.join(folder, entry.name)
    return entry.isDirectory() ? sizeOf(file) : (await lstat(file)).size
  })
  return (await Promise.all(sizes)).reduce((total, size) => total + size, 0)
}

function sum(packages: ReadonlyMap<string, number>): number {
  return [...packages.values()].reduce((total, size) => total + size, 0)
}

function renderDependencies({ name, packages }: Installed, _: Product): string {
  const rows = [...packages]
    .toSorted(([, a], [, b]) => b - a)
    .map(([dependency, size]) => [
      dependency,
      kilobytes(size),
      dependency === name ? 'itself' : (REASONS[dependency] ?? 'needed by the above'),
    ])
  return table(['dependency', 'size', 'for'], rows)
}

async function renderPeer({ name, packages }: Installed): Promise<readonly string[]> {
  const rows = [...packages].map(([dependency, size]) => [dependency, kilobytes(size)])
  return [`${name}, for comparison:`, table(['dependency', 'size'], rows)]
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000).toLocaleString('en')} kB`
}
