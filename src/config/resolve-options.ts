import path from 'node:path'
import * as v from 'valibot'
import { ConfigError } from '../errors/config-error.ts'
import { isRecord } from '../system/is-record.ts'
import type { ReadVariable } from './environment.ts'
import type { Mode, Options, ResolvedOptions, StoreOptions } from './options.ts'
import { type CompleteOptions, MODES, storeSchema } from './options-schema.ts'
import { parseOptions } from './parse-options.ts'
import { mergeOutput } from './parse-output.ts'
import {
  type ResolveProviderContext,
  refuseSameNames,
  resolveProvider,
} from './provider/resolve-provider.ts'
import type { ResolvedProvider } from './provider/resolved-provider.ts'

export interface ResolveOptionsContext extends ResolveProviderContext {
  /** Absolute path of the project, as `loadProject` decided on it. */
  readonly root: string
}

/**
 * Fills in every default and makes paths absolute. The environment's `IMAGEGEN_MODE`,
 * `IMAGEGEN_STORE` and base URL win over the options.
 * @throws ConfigError naming the option, what is wrong with it, and what is accepted
 */
export function resolveOptions(
  options: Options,
  { readVariable, presets, root }: ResolveOptionsContext,
): ResolvedOptions {
  const given = parseOptions(options)
  const { budget, limits, types, onSizeMismatch, dev } = given
  const requestedMode = resolveMode(readVariable('IMAGEGEN_MODE'))
  return {
    mode: requestedMode ?? given.mode,
    draftsAllowed: requestedMode === 'draft' || !isCI(readVariable),
    root,
    include: [given.include].flat(),
    exclude: [given.exclude].flat(),
    ...resolveProviders(options, given, { readVariable, presets }),
    cacheDir: path.resolve(root, given.cacheDir),
    renditionsDir: path.resolve(root, given.renditionsDir),
    output: mergeOutput({}, options.output),
    assets: given.assets,
    store: resolveStore(readVariable('IMAGEGEN_STORE'), options.store),
    types,
    budget: resolveBudget(budget),
    limits,
    onSizeMismatch,
    dev,
  }
}

function resolveProviders(
  { provider: written = {}, providers: named = {} }: Options,
  given: CompleteOptions,
  context: ResolveProviderContext,
): Pick<ResolvedOptions, 'provider' | 'providers'> {
  const provider = resolveProvider({ written, complete: given.provider }, context)
  const providers: Record<string, ResolvedProvider> = {}
  for (const [name, complete] of Object.entries(given.providers)) {
    providers[name] = resolveProvider({ name, written: named[name] ?? {}, complete }, context)
  }
  refuseSameNames([provider, ...Object.values(providers)])
  return { provider, providers }
}

/** Later options win; groups of options are merged option by option. */
export function mergeOptions(base: Options, over: Options): Options {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) continue
    const below = merged[name]
    // A provider of one's own is one thing, whatever it is made of.
    const isGroup = name !== 'use' && isRecord(below) && isRecord(value)
    merged[name] = isGroup ? mergeOptions(below, value) : value
  }
  return merged
}

/** As CI services set it, and people unset it. */
function isCI(readVariable: ReadVariable): boolean {
  return !['', '0', 'false'].includes(readVariable('CI')?.toLowerCase() ?? '')
}

function resolveMode(value: string | undefined): Mode | undefined {
  if (value === undefined) return undefined
  const mode = MODES.find(known => known === value)
  if (!mode) {
    throw new ConfigError(`IMAGEGEN_MODE is "${value}", but it must be one of ${MODES.join(', ')}.`)
  }
  return mode
}

function resolveBudget({ spend, ...budget }: CompleteOptions['budget']): ResolvedOptions['budget'] {
  return { ...budget, ...(spend !== undefined && { spend }) }
}

function resolveStore(
  variable: string | undefined,
  option: StoreOptions | undefined,
): ResolvedOptions['store'] {
  const named = variable === undefined ? undefined : parseStoreURL(variable)
  if (!named && !option) return undefined
  const store = { type: 's3' as const, bucket: '', ...option, ...named }
  if (store.endpoint !== undefined) checkEndpoint(store.endpoint)
  const { prefix, access, required } = v.parse(storeSchema, store)
  return { ...store, prefix: prefix.replace(/^\/+|\/+$/g, ''), access, required }
}

/** It is named in messages, so it must hold nothing that is secret. */
function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.username || url?.password) {
    throw new ConfigError(
      'Option `store.endpoint` contains credentials. Remove them. The AWS SDK reads credentials from the environment or a profile.',
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
    throw new ConfigError('IMAGEGEN_STORE is not valid. Write it like s3://bucket/prefix.')
  }
  return { bucket: url.hostname, prefix: decodeURIComponent(url.pathname) }
}
