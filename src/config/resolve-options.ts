import path from 'node:path'
import * as v from 'valibot'
import { ConfigError } from '../errors/config-error.ts'
import { isRecord } from '../system/is-record.ts'
import { suggest } from '../text/suggest.ts'
import { normalizeBaseURL } from './base-url.ts'
import type { ReadVariable } from './environment.ts'
import type {
  ConnectionPreset,
  Mode,
  Options,
  OutputOptions,
  ProviderOptions,
  ProviderPreset,
  ResolvedOptions,
  StoreOptions,
} from './options.ts'
import { optionsSchema, provider, timeout } from './options-schema.ts'

/** Relative to the project's root. */
export const DEFAULT_RENDITIONS_DIR = 'node_modules/.cache/unplugin-imagegen'

const MODES: readonly Mode[] = ['generate', 'frozen', 'draft']

export interface ResolveOptionsContext {
  readonly readVariable: ReadVariable
  readonly presets: Readonly<Record<ProviderPreset, ConnectionPreset>>
  /** Used when the options name no root. */
  readonly root: string
}

/**
 * Fills in every default and makes paths absolute. The environment's `IMAGEGEN_MODE`,
 * `IMAGEGEN_STORE` and base URL win over the options.
 * @throws ConfigError naming the option, what is wrong with it, and what is accepted
 */
export function resolveOptions(
  options: Options,
  { readVariable, presets, root: fallbackRoot }: ResolveOptionsContext,
): ResolvedOptions {
  checkOptions(options)
  const root = path.resolve(fallbackRoot, options.root ?? '.')
  const { provider = {}, budget = {}, limits = {} } = options
  const name = provider.preset ?? 'llmeasy'
  const preset = presets[name]
  const requestedMode = resolveMode(readVariable('IMAGEGEN_MODE'))
  return {
    mode: requestedMode ?? options.mode ?? 'generate',
    draftsAllowed: requestedMode === 'draft' || !isCI(readVariable),
    root,
    include: toArray(options.include ?? '**/*.image.{yaml,yml}'),
    exclude: toArray(options.exclude ?? ['**/node_modules/**', '**/dist/**']),
    provider: {
      preset: name,
      baseURL: normalizeBaseURL(
        readVariable(preset.baseURLEnv) ?? provider.baseURL ?? preset.baseURL,
      ),
      apiKeyEnv: provider.apiKeyEnv ?? preset.apiKeyEnv,
      model: provider.model ?? 'gpt-image-2',
      concurrency: provider.concurrency ?? 4,
      timeout: resolveTimeout(provider.timeout),
      retry: {
        delays: provider.retry?.delays ?? [3_000, 8_000, 15_000],
        maxDelay: provider.retry?.maxDelay ?? 120_000,
        uncertain: provider.retry?.uncertain ?? 'retry',
      },
    },
    cacheDir: path.resolve(root, options.cacheDir ?? '.imagegen'),
    renditionsDir: path.resolve(root, options.renditionsDir ?? DEFAULT_RENDITIONS_DIR),
    output: resolveOutput(options.output ?? {}),
    store: resolveStore(readVariable('IMAGEGEN_STORE'), options.store),
    types: options.types ?? 'mirror',
    budget: { images: budget.images ?? 100, prices: budget.prices ?? {} },
    limits: { answerBytes: limits.answerBytes ?? 268_435_456, pixels: limits.pixels ?? 3840 },
    onSizeMismatch: options.onSizeMismatch ?? 'warn',
    dev: {
      generate: options.dev?.generate ?? 'auto',
      access: options.dev?.access ?? 'local',
    },
  }
}

/** Later options win; groups of options are merged option by option. */
export function mergeOptions(base: Options, over: Options): Options {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) continue
    const below = merged[name]
    merged[name] = isGroup(below) && isGroup(value) ? mergeOptions(below, value) : value
  }
  return merged
}

function isGroup(value: unknown): value is Options {
  return isRecord(value)
}

function toArray(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

/**
 * @param file where the options stand; absent: in code
 * @throws ConfigError naming the option, what is wrong with it, and what is accepted
 */
export function checkOptions(options: Options, file?: string): void {
  const { issues } = v.safeParse(optionsSchema, options)
  if (!issues) return
  const where = file === undefined ? '' : `${file}: `
  throw new ConfigError(issues.map(issue => `${where}Option ${describeIssue(issue)}`).join('\n'))
}

function describeIssue(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue) ?? 'object'
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const hint = suggest(name, knownNames(issue))
    return `\`${name}\` does not exist.${hint === undefined ? '' : ` ${hint}`}`
  }
  // The key itself is what is likeliest to stand there instead.
  if (name === 'provider.apiKeyEnv') {
    return `\`${name}\` is not the name of a variable. Write the name of the one that holds the key, such as LLMEASY_API_KEY.`
  }
  if (issue.type === 'regex') return `\`${name}\` ${issue.message}: ${issue.received}.`
  return `\`${name}\` is ${issue.received}, but ${issue.expected ?? issue.message} is needed.`
}

/** The names that the innermost object accepts, with the path that leads there. */
function knownNames(issue: v.BaseIssue<unknown>): string[] {
  const path = (issue.path ?? []).slice(0, -1).map(item => String(item.key))
  let schema: unknown = optionsSchema
  for (const key of path)
    schema = unwrap((schema as { entries: Record<string, unknown> }).entries[key])
  const { entries } = schema as { entries?: Record<string, unknown> }
  return Object.keys(entries ?? {}).map(key => [...path, key].join('.'))
}

function unwrap(schema: unknown): unknown {
  const wrapped =
    typeof schema === 'object' && schema !== null && 'wrapped' in schema ? schema.wrapped : schema
  return wrapped === provider.entries.timeout.wrapped ? timeout : wrapped
}

/** As CI services set it, and people unset it. */
function isCI(readVariable: ReadVariable): boolean {
  return !['', '0', 'false'].includes(readVariable('CI')?.toLowerCase() ?? '')
}

function resolveMode(value: string | undefined): Mode | undefined {
  if (value === undefined) return undefined
  const mode = MODES.find(known => known === value)
  if (!mode) {
    throw new ConfigError(`IMAGEGEN_MODE is "${value}", but one of ${MODES.join(', ')} is needed.`)
  }
  return mode
}

function resolveTimeout(
  timeout: ProviderOptions['timeout'] = {},
): ResolvedOptions['provider']['timeout'] {
  if (typeof timeout === 'number') return { silence: timeout, total: timeout }
  const { silence = 600_000, total = Math.max(silence, 1_800_000) } = timeout
  return { silence, total }
}

function resolveOutput({ aspect, ...settings }: OutputOptions): ResolvedOptions['output'] {
  if (!aspect) return settings
  const [width = 1, height = 1] = aspect.split(':').map(Number)
  return { ...settings, aspect: [width, height] }
}

function resolveStore(
  variable: string | undefined,
  option: StoreOptions | undefined,
): ResolvedOptions['store'] {
  const named = variable === undefined ? undefined : parseStoreURL(variable)
  if (!named && !option) return undefined
  const {
    prefix = '',
    access = 'read-write',
    required = true,
    ...rest
  } = {
    type: 's3' as const,
    bucket: '',
    ...option,
    ...named,
  }
  if (rest.endpoint !== undefined) checkEndpoint(rest.endpoint)
  return { ...rest, prefix: prefix.replace(/^\/+|\/+$/g, ''), access, required }
}

/** It is named in messages, so it must hold nothing that is secret. */
function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.username || url?.password) {
    throw new ConfigError(
      'Option `store.endpoint` contains credentials. The AWS SDK finds them in the environment or in a profile.',
    )
  }
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new ConfigError(
      `Option \`store.endpoint\` is "${endpoint}". Write it like https://s3.example.com.`,
    )
  }
}

function parseStoreURL(value: string): { bucket: string; prefix: string } {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url?.protocol !== 's3:' || !url.hostname || url.username) {
    throw new ConfigError('IMAGEGEN_STORE is not of the form s3://bucket/prefix.')
  }
  return { bucket: url.hostname, prefix: decodeURIComponent(url.pathname) }
}
