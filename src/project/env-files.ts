import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseEnv } from 'node:util'
import type { ReadVariable } from '../config/environment.ts'
import type { Options } from '../config/options.ts'
import type { Preset } from '../config/provider/preset.ts'

export interface EnvFiles {
  /** Absolute path of the project's root. */
  readonly root: string
  /** Names `.env.<environment>` and its `.local`; absent: only `.env.local` and `.env` count. */
  readonly environment?: string | undefined
  /** The variables that are looked up in files: those of API keys, and no others. */
  readonly names: ReadonlySet<string>
}

/**
 * The environment, with API keys from the project's `.env` files where it has none. Files with the
 * name of the environment come first, and of those the ones that are not committed.
 */
export async function withEnvFiles(
  readVariable: ReadVariable,
  { root, environment, names }: EnvFiles,
): Promise<ReadVariable> {
  const missing = [...names].filter(name => readVariable(name) === undefined)
  if (missing.length === 0) return readVariable
  const files = envFileNames(environment).map(name => path.join(root, name))
  const texts = await Promise.all(files.map(file => readFile(file, 'utf8').catch(() => '')))
  const found = new Map<string, string>()
  for (const values of texts.map(text => parseEnv(text))) {
    for (const name of missing) {
      const value = values[name]
      if (value && !found.has(name)) found.set(name, value)
    }
  }
  return name => readVariable(name) ?? found.get(name)
}

/** The variables that may hold the keys of the options' providers. */
export function keyVariables(
  { provider, providers = {} }: Options,
  presets: Readonly<Record<string, Preset>>,
): ReadonlySet<string> {
  const written = [provider, ...Object.values(providers)].flatMap(one => [
    one?.apiKeyEnv,
    one?.use?.apiKeyEnv,
  ])
  const known = Object.values(presets).map(({ apiKeyEnv }) => apiKeyEnv)
  return new Set([...written, ...known].filter(name => name !== undefined))
}

/** The file that {@link withEnvFiles} takes a variable from, as its name; undefined for none. */
export async function findEnvFile(
  variable: string,
  root: string,
  environment?: string,
): Promise<string | undefined> {
  for (const name of envFileNames(environment)) {
    const text = await readFile(path.join(root, name), 'utf8').catch(() => '')
    if (parseEnv(text)[variable]) return name
  }
  return undefined
}

/** The first one that has a variable counts. */
function envFileNames(environment: string | undefined): readonly string[] {
  const named =
    environment === undefined ? [] : [`.env.${environment}.local`, `.env.${environment}`]
  return [...named, '.env.local', '.env']
}
