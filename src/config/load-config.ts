import { access } from 'node:fs/promises'
import path from 'node:path'
import { ConfigError } from '../errors/config-error.ts'
import type { Options } from './options.ts'

const FILE_NAMES = ['ts', 'mjs', 'js', 'json'].map(extension => `imagegen.config.${extension}`)

export interface LoadedConfig {
  readonly options: Options
  /** Absolute path; absent when there is no configuration file. */
  readonly file?: string
}

/**
 * Reads `imagegen.config.{ts,mjs,js,json}` of a folder, or a file that is named.
 * @throws ConfigError when a named file is missing, or the file does not export options
 */
export async function loadConfig(root: string, named?: string): Promise<LoadedConfig> {
  const file = named ? path.resolve(root, named) : await findConfig(root)
  if (!file) return { options: {} }
  if (!(await exists(file))) {
    throw new ConfigError(
      `There is no configuration file ${file}. Check the path given with --config.`,
    )
  }
  // Only projects that have a configuration file pay for the TypeScript loader.
  const { createJiti } = await import('jiti')
  const jiti = createJiti(import.meta.url, { moduleCache: false, fsCache: false })
  let exported: unknown
  try {
    exported = await jiti.import(file, { default: true })
  } catch (cause) {
    throw new ConfigError(
      `${file} could not be loaded: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    )
  }
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw new ConfigError(
      `${file} does not export an options object. Write \`export default { … }\`.`,
    )
  }
  return { options: exported, file }
}

/** Absolute path of the configuration file in a folder. */
export async function findConfig(root: string): Promise<string | undefined> {
  for (const name of FILE_NAMES) {
    const file = path.join(root, name)
    if (await exists(file)) return file
  }
  return undefined
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
