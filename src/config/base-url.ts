import { ConfigError } from '../errors/config-error.ts'

/**
 * Reads the base URL of an API that the key is sent to. Plain `http` is for this machine only.
 * @param subject the option or the variable that holds it, for messages
 * @throws ConfigError
 */
export function parseBaseURL(text: string, subject = 'The base URL'): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) {
    throw new ConfigError(
      `${subject} "${text}" is not a URL. Write it like https://api.example.com/v1.`,
    )
  }
  if (url.username || url.password) {
    throw new ConfigError(
      `${subject} contains credentials. Put the API key into its environment variable.`,
    )
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new ConfigError(
      `${subject} ${url.origin} would send the API key unencrypted. Use https. Only this machine may be reached by http.`,
    )
  }
  return url
}

/**
 * The base URL as it is used: without what is added to it for each request (`/images/generations`),
 * since people copy that from the API's documentation, and with its query, which some APIs need.
 * @throws ConfigError
 */
export function normalizeBaseURL(text: string, subject?: string): string {
  const { origin, pathname, search } = parseBaseURL(text, subject)
  const path = pathname.replace(/\/+$/, '').replace(/\/+images\/(?:generations|edits)$/, '')
  return origin + path + search
}

/** Whether a host name is this machine's own, whatever the port. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
