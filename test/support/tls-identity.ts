import { execFileSync } from 'node:child_process'

/** The identity of an HTTPS server, in PEM. */
export interface TlsIdentity {
  readonly key: string
  readonly cert: string
}

/** A key and an untrusted certificate, made for this run only; undefined without openssl. */
/** @param host whose name the certificate carries */
export function makeIdentity(host = 'localhost'): TlsIdentity | undefined {
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1'
  try {
    const both = execFileSync(
      'openssl',
      [
        ...request.split(' '),
        '-subj',
        `/CN=${host}`,
        '-addext',
        `subjectAltName=DNS:${host}`,
        '-keyout',
        '-',
        '-out',
        '-',
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return { key: both, cert: both }
  } catch {
    return undefined
  }
}
