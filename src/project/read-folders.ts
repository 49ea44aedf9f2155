import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { COMMONJS_CONFIG_NAMES, CONFIG_NAMES } from '../config/config-names.ts'
import { isRecord } from '../system/is-record.ts'
import type { FolderFacts, RepositoryMark } from './choose-project.ts'

const WORKSPACE_FILES = ['pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'turbo.json', 'rush.json']

const LOCK_FILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'deno.lock',
]

/** Reads a folder and those above it, up to the one with `.git` or the root of the file system. */
export async function readFoldersUpwards(
  start: string,
): Promise<readonly [FolderFacts, ...FolderFacts[]]> {
  const first = await readFolder(start)
  const folders: [FolderFacts, ...FolderFacts[]] = [first]
  for (let at = first; !at.marks.has('git') && path.dirname(at.folder) !== at.folder; ) {
    at = await readFolder(path.dirname(at.folder))
    folders.push(at)
  }
  return folders
}

async function readFolder(folder: string): Promise<FolderFacts> {
  const names = new Set(await namesIn(folder))
  const config = [...CONFIG_NAMES, ...COMMONJS_CONFIG_NAMES].find(name => names.has(name))
  const package_ = names.has('package.json') ? await readPackage(folder) : undefined
  const marks = new Set<RepositoryMark>()
  if (names.has('.git')) marks.add('git')
  if (package_?.hasWorkspaces || WORKSPACE_FILES.some(name => names.has(name))) {
    marks.add('workspace')
  }
  if (LOCK_FILES.some(name => names.has(name))) marks.add('lock')
  return {
    folder,
    config: config && path.join(folder, config),
    hasCache: names.has('.imagegen') && (await hasEntries(path.join(folder, '.imagegen'))),
    packageFile: package_ && (package_.isNamed ? 'named' : 'bare'),
    marks,
  }
}

/** Whether originals were ever kept in a cache directory. */
export async function hasEntries(cacheDir: string): Promise<boolean> {
  return stat(path.join(cacheDir, 'entries')).then(
    found => found.isDirectory(),
    () => false,
  )
}

/** A folder above that can't be listed holds nothing of this project. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

async function readPackage(folder: string): Promise<{ isNamed: boolean; hasWorkspaces: boolean }> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '')
  const fields = parseObject(text)
  return {
    isNamed: ['name', 'dependencies', 'devDependencies'].some(field => field in fields),
    hasWorkspaces: 'workspaces' in fields,
  }
}

/** Package managers report faults of a `package.json` better. */
function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
