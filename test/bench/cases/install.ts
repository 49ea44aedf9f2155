import { execFile } from 'node:child_process'
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { BenchCase } from '../harness/bench-case.ts'
import { peers } from '../harness/peers.ts'
import { table } from '../harness/render-report.ts'

const exec = promisify(execFile)

/** Why the product depends on what it depends on. */
const REASONS: Readonly<Record<string, string>> = {
  commander: 'the command line',
  diff: 'shows which words of a prompt changed',
  'fast-glob': 'finds manifests by `include` and `exclude`',
  'fastest-levenshtein': '“did you mean” in messages',
  jiti: 'reads `imagegen.config.ts`',
  'jsonc-parser': 'reads and edits `tsconfig.json`, comments included',
  'log-update': 'live progress on a terminal',
  'p-limit': 'how much is encoded at once',
  picomatch: 'tells by its path whether a manifest is ours; unplugin needs it as well',
  picocolors: 'colours on a terminal',
  '@jridgewell/sourcemap-codec': 'leads editors from an image in code to its line in the manifest',
  sharp: 'decodes and encodes pictures',
  thumbhash: 'ThumbHash placeholders',
  undici: 'the HTTP client, whose own time limits can be lifted',
  unplugin: 'one plugin for every bundler',
  yaml: 'reads manifests, with positions for messages',
}

/** Of 0.1.0, installed on 2026-11-26: kB and packages. */
const BEFORE = { size: 6_621, packages: 53 }

/** What `npm install` brings. */
export const install: BenchCase = {
  name: 'install',
  work: 'What installing brings, sharp and what only sharp needs left out.',
  rounds: 1,
  async prepare(folder, product) {
    const own = await installed(folder, 'unplugin-imagegen', product.tarball)
    const sdk = await installed(folder, 'openai', `openai@${await versionOf('openai')}`)
    const tools = await installed(
      folder,
      'vite-imagetools',
      `vite-imagetools@${await versionOf('vite-imagetools')}`,
    )
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
          what: 'installed size',
          ratio: () => sum(own.packages) / 1e3,
          atMost: BEFORE.size,
          before: BEFORE.size,
          unit: 'kB',
        },
        {
          what: 'installed packages',
          ratio: () => own.packages.size,
          atMost: BEFORE.packages,
          before: BEFORE.packages,
          unit: 'number',
        },
        {
          what: 'installed size, against openai',
          ratio: () => sum(own.packages) / sum(sdk.packages),
          atMost: 1,
        },
      ],
      remarks: [
        `The packed product has ${kilobytes(packed)}.`,
        table(['package', 'installed size', 'packages'], rows),
        renderDependencies(own),
      ],
    }
  },
}

async function versionOf(peer: string): Promise<string> {
  const file = path.join(peers, 'node_modules', peer, 'package.json')
  return JSON.parse(await readFile(file, 'utf8')).version
}

interface Installed {
  readonly name: string
  readonly folder: string
  readonly packages: Packages
}

/** By path below `node_modules`. */
type Packages = ReadonlyMap<
  string,
  {
    /** In bytes. */
    readonly size: number
    /** The direct dependency that needs it; empty for the package itself. */
    readonly broughtBy: string
  }
>

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
  const packages = new Map<string, { size: number; broughtBy: string }>()
  for (const [at, broughtBy] of needed) {
    const size = await sizeOf(path.join(root, at))
    packages.set(at.replace(/^node_modules\//, ''), { size, broughtBy })
  }
  return { name, folder: root, packages }
}

type LockedPackages = Readonly<
  Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>
>

/** A package and what it needs, each with the dependency that brings it, without going through sharp. */
function reachable(packages: LockedPackages, name: string): ReadonlyMap<string, string> {
  const root = `node_modules/${name}`
  const found = new Map<string, string>()
  const visit = (at: string, broughtBy: string) => {
    if (found.has(at)) return
    found.set(at, broughtBy)
    for (const dependency of Object.keys(packages[at]?.dependencies ?? {})) {
      if (dependency === 'sharp') continue
      const nested = `${at}/node_modules/${dependency}`
      const next = nested in packages ? nested : `node_modules/${dependency}`
      visit(next, at === root ? dependency : broughtBy)
    }
  }
  visit(root, '')
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

function sum(packages: Packages): number {
  return [...packages.values()].reduce((total, { size }) => total + size, 0)
}

/** Each direct dependency with what it alone, or first, brings. */
function renderDependencies({ packages }: Installed): string {
  const names = [...new Set([...packages.values()].map(({ broughtBy }) => broughtBy))]
  const rows = names.map(dependency => {
    const brought = [...packages].filter(([, { broughtBy }]) => broughtBy === dependency)
    return { dependency, size: sum(new Map(brought)), count: brought.length }
  })
  return table(
    ['dependency', 'size with its own', 'packages', 'for'],
    rows
      .toSorted((a, b) => b.size - a.size)
      .map(({ dependency, size, count }) => [
        dependency || 'itself',
        kilobytes(size),
        String(count),
        REASONS[dependency] ?? '',
      ]),
  )
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000).toLocaleString('en')} kB`
}
