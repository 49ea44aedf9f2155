import { ConfigError } from '../../errors/config-error.ts'

/** Names under which APIs expect a key. */
const CREDENTIAL_NAME =
  /(?:^|[-_.])(?:authorization|auth|cookie|api-?key|key|token|secret|password|credentials?|sig|signature)$|^(?:apikey|accesskey|accesstoken)$/i

/** Headers that each request has already. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'idempotency-key',
  'transfer-encoding',
  'user-agent',
  'x-client-request-id',
])

/** A header's name, as HTTP allows it. */
export const HEADER_NAME = /^[!#$%&'*+.^\w`|~-]+$/

export interface SentTexts {
  /** The option that they stand in: `provider.headers`. */
  readonly option: string
  readonly kind: 'header' | 'query'
  readonly texts: Readonly<Record<string, string>>
  /** What the key's variable is called, and holds. */
  readonly keyEnv: string | undefined
  readonly key: string | undefined
}

/**
 * Options are written to files that are committed, so a key must not stand in them.
 * @throws ConfigError, which repeats no value
 */
export function refuseCredentials({ option, kind, texts, keyEnv, key }: SentTexts): void {
  for (const [name, value] of Object.entries(texts)) {
    const subject = `Option \`${option}.${name}\``
    if (kind === 'header') checkHeader(subject, name, value)
    const holdsKey = key !== undefined && key.length >= 4 && value.includes(key)
    if (holdsKey || CREDENTIAL_NAME.test(name) || /^(?:bearer|basic)\s/i.test(value)) {
      const variable = keyEnv ?? 'an environment variable'
      const advice =
        kind === 'header'
          ? `Remove it and set \`authHeader\` to the name of the header: it then carries the key from ${variable}.`
          : `Remove it and put the key into ${variable}. The key is sent in a header (\`authHeader\`), never in a URL.`
      throw new ConfigError(
        `${subject} looks like a credential. Options are committed, so they must not hold one. ${advice}`,
      )
    }
  }
}

function checkHeader(subject: string, name: string, value: string): void {
  if (!HEADER_NAME.test(name) || !/^[\t\x20-\x7e]*$/.test(value)) {
    throw new ConfigError(`${subject} is not a valid header. Use plain ASCII without line breaks.`)
  }
  if (OWN_HEADERS.has(name.toLowerCase())) {
    throw new ConfigError(
      `${subject} cannot be set, because every request has it already. Remove it.`,
    )
  }
}
