import type { ImageProvider } from '../../config/provider/image-provider.ts'
import { ConfigError } from '../../errors/config-error.ts'
import { isRecord } from '../../system/is-record.ts'

const NAME = /^[\w.:/-]{1,100}$/
const FIELDS = ['name', 'models', 'sizes', 'files', 'masks', 'apiKeyEnv', 'generate']

/**
 * A provider of your own, for `provider: { use: … }`.
 * @example
 * ```ts
 * import { AttemptError, defineProvider } from 'unplugin-imagegen/api'
 *
 * export const acme = defineProvider({
 *   name: 'acme',
 *   sizes: ['1024x1024', '1536x1024'],
 *   apiKeyEnv: 'ACME_KEY',
 *   async generate({ prompt, size }, { signal, requestId, apiKey }) {
 *     const response = await fetch('https://api.acme.example/pictures', {
 *       method: 'POST',
 *       headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': requestId },
 *       body: JSON.stringify({ prompt, size }),
 *       signal,
 *     })
 *     const { ok, status, body: picture } = response
 *     if (ok && picture) return { picture }
 *     const outcome = status === 429 ? 'not-processed' : status >= 500 ? 'uncertain' : 'refused'
 *     throw new AttemptError(`${status}: ${await response.text()}`, { outcome, status })
 *   },
 * })
 * ```
 * @throws ConfigError naming the field
 */
export function defineProvider(provider: ImageProvider): ImageProvider {
  const given: unknown = provider
  if (!isRecord(given)) throw fault('needs an object')
  const unknown = Object.keys(given).find(field => !FIELDS.includes(field))
  if (unknown !== undefined) {
    throw fault(`does not know the field \`${unknown}\`. It knows ${FIELDS.join(', ')}`)
  }
  const { name, generate, apiKeyEnv, models, sizes, files, masks } = given
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw fault('needs a `name` of up to 100 letters, digits and `. _ - / :`')
  }
  if (typeof generate !== 'function') throw fault(`needs a function \`generate\` for "${name}"`)
  for (const [field, value] of Object.entries({ models, sizes })) {
    if (value !== undefined && !isTexts(value)) {
      throw fault(`needs a list of texts as \`${field}\` of "${name}"`)
    }
  }
  for (const [field, value] of Object.entries({ files, masks })) {
    if (value !== undefined && typeof value !== 'boolean') {
      throw fault(`needs true or false as \`${field}\` of "${name}"`)
    }
  }
  if (
    apiKeyEnv !== undefined &&
    !(typeof apiKeyEnv === 'string' && /^[A-Za-z_]\w*$/.test(apiKeyEnv))
  ) {
    throw fault(`needs the name of a variable, such as ACME_KEY, as \`apiKeyEnv\` of "${name}"`)
  }
  return provider
}

function isTexts(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(text => typeof text === 'string' && text !== '')
  )
}

function fault(problem: string): ConfigError {
  return new ConfigError(`\`defineProvider\` ${problem}.`)
}
