import { ConfigError } from '../../errors/config-error.ts'
import { normalizeBaseURL } from '../base-url.ts'
import type { ReadVariable } from '../environment.ts'
import { HEADER_NAME, refuseCredentials } from './credentials.ts'
import type { ImageProvider } from './image-provider.ts'
import type { ApiSettings, Preset } from './preset.ts'
import type { ProviderOptions, ProviderPreset } from './provider-options.ts'
import type { CompleteProviderOptions } from './provider-schema.ts'
import type { ResolvedProvider } from './resolved-provider.ts'

export interface ResolveProviderContext {
  readonly readVariable: ReadVariable
  readonly presets: Readonly<Record<ProviderPreset, Preset>>
}

/** One provider of the options: as it was written, and with its defaults. */
export interface WrittenProvider {
  /** In `providers`; absent: it stands in `provider`. */
  readonly name?: string
  readonly written: ProviderOptions
  readonly complete: CompleteProviderOptions
}

/** Options that say how an API in OpenAI's form is spoken to. */
const API_OPTIONS = [
  'preset',
  'baseURL',
  'authHeader',
  'headers',
  'query',
  'paths',
  'fields',
  'sizes',
  'masks',
  'forbidden',
] as const

/** @throws ConfigError naming the option */
export function resolveProvider(
  provider: WrittenProvider,
  context: ResolveProviderContext,
): ResolvedProvider {
  const { name, written, complete } = provider
  const option = name === undefined ? 'provider' : `providers.${name}`
  const { use, concurrency, retry } = complete
  const preset = context.presets[complete.preset]
  const shared = {
    ...(name !== undefined && { name }),
    preset: complete.preset,
    concurrency,
    retry,
    timeout: resolveTimeout(complete.timeout),
  }
  if (use) {
    checkCustom(option, written)
    const apiKeyEnv = complete.apiKeyEnv ?? use.apiKeyEnv
    const { apiKeyEnv: _, ...settings } = settingsOf(preset, {})
    const model = written.model ?? use.models?.[0] ?? 'default'
    return {
      ...settings,
      ...shared,
      use,
      model,
      baseURL: '',
      sizes: use.sizes ?? 'any',
      masks: use.masks ?? false,
      ...(apiKeyEnv !== undefined && { apiKeyEnv }),
    }
  }
  const settings = settingsOf(preset, complete)
  checkSettings(option, settings, context.readVariable)
  const baseURL = resolveBaseURL(option, provider, preset, context.readVariable)
  return { ...settings, ...shared, baseURL, model: complete.model }
}

/**
 * Pictures are told apart by the names of providers.
 * @throws ConfigError when two different ones have the same name
 */
export function refuseSameNames(providers: readonly ResolvedProvider[]): void {
  const known = new Map<string, { readonly use: ImageProvider; readonly option: string }>()
  for (const { name, use } of providers) {
    if (!use) continue
    const option = name === undefined ? '`provider`' : `\`providers.${name}\``
    const other = known.get(use.name)
    if (other && other.use !== use) {
      throw new ConfigError(
        `Options ${other.option} and ${option} use two providers with the name "${use.name}", so their pictures could not be told apart. Give one of them another \`name\`.`,
      )
    }
    known.set(use.name, { use, option })
  }
}

function settingsOf(preset: Preset, given: Partial<CompleteProviderOptions>): ApiSettings {
  const { name: _, baseURL: __, baseURLEnv: ___, account: ____, ...settings } = preset
  const { authHeader = settings.authHeader, sizes, masks, forbidden, apiKeyEnv } = given
  const { apiKeyEnv: own, ...rest } = settings
  return {
    ...rest,
    authHeader,
    headers: { ...settings.headers, ...given.headers },
    query: { ...settings.query, ...given.query },
    paths: {
      generations: given.paths?.generations ?? settings.paths.generations,
      edits: given.paths?.edits ?? settings.paths.edits,
    },
    fields: { ...settings.fields, ...given.fields },
    ...(sizes !== undefined && { sizes }),
    ...(masks !== undefined && { masks }),
    ...(forbidden !== undefined && { forbidden }),
    ...(authHeader !== false && { apiKeyEnv: apiKeyEnv ?? own }),
  }
}

/** What else speaks to an API in OpenAI's form means nothing to a provider of one's own. */
function checkCustom(option: string, written: ProviderOptions): void {
  const found = API_OPTIONS.find(name => written[name] !== undefined)
  if (found === undefined) return
  throw new ConfigError(
    `Option \`${option}.${found}\` applies only to OpenAI-compatible APIs, not to the custom provider in \`${option}.use\`. Remove one of them.`,
  )
}

function checkSettings(
  option: string,
  { authHeader, headers, query, apiKeyEnv }: ApiSettings,
  readVariable: ReadVariable,
): void {
  if (authHeader !== false && !HEADER_NAME.test(authHeader)) {
    throw new ConfigError(
      `Option \`${option}.authHeader\` is not the name of a header. Write a name such as \`api-key\`. The key itself belongs in ${apiKeyEnv}.`,
    )
  }
  const keys = {
    keyEnv: apiKeyEnv,
    key: apiKeyEnv === undefined ? undefined : readVariable(apiKeyEnv),
  }
  refuseCredentials({ option: `${option}.headers`, kind: 'header', texts: headers, ...keys })
  refuseCredentials({ option: `${option}.query`, kind: 'query', texts: query, ...keys })
}

/** The environment wins, but over a base URL of `providers`, of which there may be several. */
function resolveBaseURL(
  option: string,
  { name, complete }: WrittenProvider,
  preset: Preset,
  readVariable: ReadVariable,
): string {
  const variable = readVariable(preset.baseURLEnv)
  const chosen =
    name === undefined ? (variable ?? complete.baseURL) : (complete.baseURL ?? variable)
  const baseURL = chosen ?? preset.baseURL
  if (baseURL === undefined) {
    throw new ConfigError(
      `Option \`${option}.baseURL\` is missing. The preset \`${preset.name}\` works with any API, so it has no base URL. Write the URL up to and including /v1, or set ${preset.baseURLEnv}.`,
    )
  }
  const isVariable = chosen !== undefined && chosen === variable
  return normalizeBaseURL(baseURL, isVariable ? preset.baseURLEnv : `Option \`${option}.baseURL\``)
}

function resolveTimeout(
  timeout: CompleteProviderOptions['timeout'] = {},
): ResolvedProvider['timeout'] {
  if (typeof timeout === 'number') return { silence: timeout, total: timeout }
  const { silence = 600_000, total = Math.max(silence, 1_800_000) } = timeout
  return { silence, total }
}
