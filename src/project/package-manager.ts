import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun'

const LOCKS: Readonly<Record<string, PackageManager>> = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
}

/** How each runs the program of an installed package. */
const RUNS: Readonly<Record<PackageManager, string>> = {
  npm: 'npx',
  pnpm: 'pnpm exec',
  yarn: 'yarn',
  bun: 'bunx',
}

/**
 * The package manager of the project around a folder: of the nearest `packageManager` field or lock
 * file, no further up than the repository's root.
 */
export async function findPackageManager(folder: string): Promise<PackageManager | undefined> {
  const names = await readdir(folder).catch((): string[] => [])
  const named = names.includes('package.json') ? await readField(folder) : undefined
  const locked = Object.keys(LOCKS).find(name => names.includes(name))
  const found = named ?? (locked === undefined ? undefined : LOCKS[locked])
  const above = path.dirname(folder)
  if (found || names.includes('.git') || above === folder) return found
  return findPackageManager(above)
}

async function readField(folder: string): Promise<PackageManager | undefined> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '')
  const [, name] = /"packageManager"\s*:\s*"(npm|pnpm|yarn|bun)@/.exec(text) ?? []
  return name as PackageManager | undefined
}

/** The commands of a text, `` `imagegen plan` ``, as a project runs them: `` `npx imagegen plan` ``. */
export function renderCommands(text: string, manager: PackageManager | undefined): string {
  if (manager === undefined) return text
  return text.replaceAll(/(?<!\w)`imagegen (?=[a-z-])/g, `\`${RUNS[manager]} imagegen `)
}
