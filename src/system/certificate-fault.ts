/** Codes of Node for certificates that this machine does not trust. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
])

/**
 * What is wrong with the certificate of a server and what to do, as a sentence; undefined when an
 * error is about something else.
 */
export function explainCertificate(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') return undefined
  if (UNTRUSTED.has(code)) {
    return `Its certificate is not trusted here (${code}). Set NODE_EXTRA_CA_CERTS to the file of the certificate authority that issued it.`
  }
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `Its certificate belongs to another host name (${code}). Correct \`provider.baseURL\`.`
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `Its certificate is not valid today (${code}). Check this machine's clock, or have the certificate renewed.`
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return `It does not speak TLS (${code}). Write http:// in \`provider.baseURL\`, or the port of HTTPS.`
    default:
      return undefined
  }
}
