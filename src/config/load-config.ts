import { readFile } from 'node:fs/promises'
import type { ParseError } from 'jsonc-parser'
import { ConfigError } from '../errors/config-error.ts'
import { exists } from '../system/files/present-file.ts'
import type { Options } from './options.ts'
import { parseOptions } from './parse-options.ts'

/** No other file is executed: an error could show secrets of it. */
const EXTENSIONS = /\.(?:m?[jt]s|json)$/

/**
 * The options that a configuration file exports.
 * @param file absolute path
 * @throws ConfigError when it is missing, can't be loaded, or does not export options
 */
export async function loadConfig(file: string): Promise<Options> {
  if (!(await exists(file))) {
    throw new ConfigError(
      `There is no configuration file ${file}. Check the path given with --config.`,
    )
  }
  if (/\.c[jt]s$/.test(file)) {
    throw new ConfigError(
      `${file} is not read, because configuration files are ES modules. Rename it to imagegen.config${file.endsWith('ts') ? '.ts' : '.js'}, and write \`export default { … }\`.`,
    )
  }
  if (!EXTENSIONS.test(file)) {
    throw new ConfigError(
      `${file} is not a configuration file. Its name must end in .ts, .mts, .js, .mjs or .json.`,
    )
  }
  const exported = await (file.endsWith('.json') ? readJson(file) : importFile(file))
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw new ConfigError(
      `${file} does not export an options object. Write \`export default { … }\`.`,
    )
  }
  parseOptions(exported, { name: file, text: await readFile(file, 'utf8') })
  return exported
}

/** CommonJS exports options as they are; a module has to export them as the default. */
const NAMED_EXPORT = /^\s*export\s+(?:const|let|var|function|class|async|\{)/m

async function importFile(file: string): Promise<unknown> {
  // Only projects that have a configuration file pay for the TypeScript loader.
  const { createJiti } = await import('jiti')
  const jiti = createJiti(import.meta.url, { moduleCache: false, fsCache: false })
  try {
    // Always transpiled: Node keeps imported modules, and would not see edits.
    const source = await readFile(file, 'utf8')
    const options = { filename: file, async: true, forceTranspile: true }
    const module: unknown = await jiti.evalModule(source, options)
    if (isModule(module)) return module.default
    if (NAMED_EXPORT.test(source)) throw hasNoDefault(file)
    return module
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError(describeFailure(file, cause), { cause })
  }
}

/** The loader puts the place behind the words, and lists who asked for a module that is not there. */
function describeFailure(file: string, cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  const [, words, place] = /^(?:\w+Error: )?([\s\S]*?)\s+\S+:(\d+:\d+)\s*$/.exec(message) ?? []
  if (words !== undefined) return `${file}:${place} cannot be parsed: ${words}.`
  const [first = ''] = message.split('\n')
  return `${file} could not be loaded: ${first}`
}

function hasNoDefault(file: string): ConfigError {
  return new ConfigError(`${file} has no default export. Write \`export default { … }\`.`)
}

function isModule(value: unknown): value is { readonly default: unknown } {
  return typeof value === 'object' && value !== null && 'default' in value
}

/** Read here: Node keeps the JSON that it imported, so that edits would not be seen. */
async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw await invalidJson(file)
  }
}

/** What parsers say of JSON quotes it, and with it what may be secret: the place has to do. */
async function invalidJson(file: string): Promise<ConfigError> {
  const [text, { parse }] = await Promise.all([readFile(file, 'utf8'), import('jsonc-parser')])
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true })
  const before = text.slice(0, errors[0]?.offset ?? 0).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return new ConfigError(`${file}:${before.length}:${column} is not valid JSON.`)
}
