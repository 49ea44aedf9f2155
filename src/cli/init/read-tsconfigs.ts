import { createRequire } from 'node:module'
import path from 'node:path'
import { parse } from 'jsonc-parser'
import { readIfThere } from '../../system/files/present-file.ts'
import { isRecord } from '../../system/is-record.ts'
import { projectPath } from '../../system/project-path.ts'

/** A TypeScript configuration that sources of the project belong to. */
export interface TsconfigFile {
  /** Relative to the root, with slashes. */
  readonly file: string
  readonly text: string
  /** A framework writes the folder, so additions get lost. */
  readonly generated: boolean
  /** Whether `tsc --build` refuses files that its `include` does not list, such as a mirror tree. */
  readonly composite: boolean
  /**
   * Whether `rootDirs` comes from a configuration that it extends: one written here would replace
   * it. A base that is not there (not generated yet, not installed) may have some.
   */
  readonly inheritsRootDirs: boolean
}

/**
 * The configurations that apply to sources: `tsconfig.json`, or those that it refers to when it has
 * no files of its own. Those for configuration files alone don't count.
 */
export async function readTsconfigs(root: string): Promise<readonly TsconfigFile[]> {
  const main = await readConfig(path.join(root, 'tsconfig.json'))
  if (!main) return []
  const references = referencesOf(main)
  const only = references.length > 0 && isEmptyList(main.json.files)
  const files = only ? references : [main.file]
  const read = await Promise.all(files.map(file => readConfig(file)))
  const found = read.flatMap(config => (config && hasSources(config) ? [config] : []))
  return Promise.all(found.map(config => describe(config, root)))
}

interface Config {
  /** Absolute path. */
  readonly file: string
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

async function readConfig(file: string): Promise<Config | undefined> {
  const text = await readIfThere(file)
  if (text === undefined) return undefined
  const json: unknown = parse(text)
  return { file, text, json: isRecord(json) ? json : {} }
}

function referencesOf({ file, json }: Config): readonly string[] {
  const { references } = json
  if (!Array.isArray(references)) return []
  return references.flatMap((reference: { path?: unknown } | null) => {
    if (typeof reference?.path !== 'string') return []
    const target = path.resolve(path.dirname(file), reference.path)
    return target.endsWith('.json') ? [target] : [path.join(target, 'tsconfig.json')]
  })
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function hasSources({ json: { include } }: Config): boolean {
  if (!Array.isArray(include)) return true
  return include.some(pattern => !/(?:^|[/.])config\.[^/]*$/.test(String(pattern)))
}

async function describe(config: Config, root: string): Promise<TsconfigFile> {
  const { composite, rootDirs } = optionsOf(config)
  const file = projectPath(root, config.file)
  return {
    file,
    text: config.text,
    generated: file.split('/').some(part => /^\.[^.]/.test(part)),
    composite: composite === true,
    inheritsRootDirs: rootDirs === undefined && (await basesHaveRootDirs(config, new Set())),
  }
}

async function basesHaveRootDirs(config: Config, seen: Set<string>): Promise<boolean> {
  seen.add(config.file)
  for (const base of [config.json.extends ?? []].flat()) {
    const read = await readBase(String(base), config.file)
    if (!read || optionsOf(read).rootDirs !== undefined) return true
    if (!seen.has(read.file) && (await basesHaveRootDirs(read, seen))) return true
  }
  return false
}

/** Finds what `extends` names as TypeScript does: a path, with or without `.json`, or a package's file. */
async function readBase(name: string, from: string): Promise<Config | undefined> {
  if (name.startsWith('.') || path.isAbsolute(name)) {
    const file = path.resolve(path.dirname(from), name)
    return (await readConfig(file)) ?? readConfig(`${file}.json`)
  }
  const { resolve } = createRequire(from)
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      const file = resolve(candidate)
      if (file.endsWith('.json')) return await readConfig(file)
    } catch {
      // The next spelling may be there.
    }
  }
  return undefined
}

function optionsOf({ json: { compilerOptions } }: Config): Readonly<Record<string, unknown>> {
  return isRecord(compilerOptions) ? compilerOptions : {}
}
