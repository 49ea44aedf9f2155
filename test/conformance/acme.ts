import { AttemptError, defineProvider, type ImageProvider } from '../../src/api.ts'

/** The provider that the documentation shows. */
export const acme = (url: string): ImageProvider =>
  defineProvider({
    name: 'acme',
    sizes: ['1024x1024', '1536x1024'],
    apiKeyEnv: 'ACME_KEY',
    async generate({ prompt, size }, { signal, requestId, apiKey }) {
      const response = await fetch(`${url}/pictures`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': requestId },
        body: JSON.stringify({ prompt, size }),
        signal,
      })
      const { ok, status, body: picture } = response
      if (ok && picture) return { picture, facts: { cost: response.headers.get('x-cost') } }
      const outcome = status === 429 ? 'not-processed' : status >= 500 ? 'uncertain' : 'refused'
      throw new AttemptError(`${status}: ${await response.text()}`, { outcome, status })
    },
  })
