import { createHmac, timingSafeEqual } from 'node:crypto'
import { canonicalJson } from '../../../plan/request-key.ts'
import type { OriginalEntry } from '../../original.ts'

/** Signs entries, and tells those that somebody with the same signing key has signed. */
export interface Signer {
  /** The entry with this signer's signature in the place of any other. */
  sign(entry: OriginalEntry): OriginalEntry
  /** What is wrong with an entry's signature, as the end of a sentence about it. */
  findProblem(entry: OriginalEntry): string | undefined
}

const SCHEME = 'hmac-sha256:'

/** HMAC-SHA256 over key, digest and request: which picture belongs to which request. */
export function createSigner(signingKey: string): Signer {
  function signatureOf({ key, digest, request }: OriginalEntry): string {
    const signed = canonicalJson({ version: 1, key, digest, request: { ...request } })
    return SCHEME + createHmac('sha256', signingKey).update(signed).digest('hex')
  }

  return {
    sign: entry => ({ ...entry, signature: signatureOf(entry) }),
    findProblem(entry) {
      if (entry.signature === undefined) return 'is not signed'
      const [given, right] = [Buffer.from(entry.signature), Buffer.from(signatureOf(entry))]
      if (given.length === right.length && timingSafeEqual(given, right)) return undefined
      return 'is not signed with this signing key, or changed after it was signed'
    },
  }
}
