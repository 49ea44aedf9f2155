import { SharedStoreError } from '../shared-store-error.ts'
import { type S3Settings, s3Label } from './s3-settings.ts'

/**
 * What went wrong with one attempt, without anything of the SDK's error objects: those carry
 * requests, whose headers hold session tokens.
 */
export interface S3Fault {
  /** The server's or the system's name for it: `AccessDenied`, `ECONNREFUSED`. */
  readonly name: string
  readonly message: string
  /** Of the answer; absent when there was none. */
  readonly status?: number
}

const SYSTEM_CODE = /^E[A-Z_]+$/
/** Names of S3's own errors that another attempt may not meet again, whatever their status. */
const PASSING = new Set([
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeout',
  'SlowDown',
  'InternalError',
  'ServiceUnavailable',
  'XAmzContentSHA256Mismatch',
  'IncompleteBody',
  'Truncated',
  'Idle',
])
const PASSING_STATUS = new Set([408, 409, 425, 429, 500, 502, 503, 504])

/** @param idle milliseconds without progress, when that is why the attempt was given up */
export function readFault(thrown: unknown, idle?: number): S3Fault {
  if (idle !== undefined) {
    return { name: 'Idle', message: `nothing came for ${Math.round(idle / 100) / 10} s` }
  }
  if (!(thrown instanceof Error)) return { name: 'Unknown', message: String(thrown) }
  const status = statusOf(thrown)
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
  const name = code !== undefined && SYSTEM_CODE.test(code) ? code : thrown.name
  return { name, message: thrown.message || name, ...(status !== undefined && { status }) }
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined
  const { $metadata: metadata } = error
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined
}

/** The object certainly does not exist. A bucket that does not exist says nothing of the kind. */
export function meansAbsent({ name, status }: S3Fault): boolean {
  return status === 404 && name === 'NoSuchKey'
}

/** An object of that name exists. */
export function meansTaken({ status }: S3Fault): boolean {
  return status === 412
}

/** Whether another attempt may fare better. */
export function isPassing({ name, status }: S3Fault): boolean {
  if (PASSING.has(name)) return true
  if (status !== undefined && status >= 300) return PASSING_STATUS.has(status)
  return name !== 'ENOTFOUND' && (SYSTEM_CODE.test(name) || name === 'TimeoutError')
}

/** The fault as a full sentence: what could not be done, why, and what to do about it. */
export function describeS3Fault(
  whatFailed: string,
  fault: S3Fault,
  settings: S3Settings,
  attempts: number,
): SharedStoreError {
  const tried = attempts > 1 ? ` after ${attempts} attempts` : ''
  const cause = new Error(`${fault.name}: ${fault.message}`)
  return new SharedStoreError(`${whatFailed}${tried}: ${explain(fault, settings)}`, { cause })
}

function explain({ name, message, status }: S3Fault, settings: S3Settings): string {
  const { bucket, access } = settings
  const where = settings.endpoint ?? 'AWS'
  switch (name) {
    case 'NoSuchBucket':
      return `there is no bucket ${bucket} at ${where}. Create it, or correct \`store.bucket\`, \`store.endpoint\` and \`store.region\`.`
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
    case 'IllegalLocationConstraintException':
      return `the bucket ${bucket} is in another region (${message}). Set \`store.region\` or AWS_REGION to that of the bucket.`
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'InvalidToken':
    case 'ExpiredToken':
      return `${where} rejected the credentials (${name}). Check the AWS credentials of this environment, and \`store.endpoint\`.`
    case 'CredentialsProviderError':
      return 'no AWS credentials were found. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or give this machine a role.'
    case 'NotImplemented':
      return `${where} does not support conditional writes ("If-None-Match: *"), so machines could overwrite each other's originals. Use a store that supports them (AWS S3, Cloudflare R2, MinIO, Ceph), or \`access: 'read-only'\`.`
    case 'RequestTimeTooSkewed':
      return `this machine's clock differs too much from that of ${where}. Correct it.`
    case 'ECONNREFUSED':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `${where} can't be reached (${name}). Check \`store.endpoint\` and the network.`
    case 'Idle':
    case 'TimeoutError':
      return `${where} is too slow or does not answer (${message}). Run again later.`
    default:
  }
  if (status === 403) {
    const rights =
      access === 'read-only'
        ? 's3:GetObject and s3:ListBucket'
        : 's3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket'
    return `access was denied (403 ${name}). Allow these credentials ${rights} on ${s3Label(settings)}.`
  }
  return `${where} answered ${status === undefined ? '' : `${status} `}${name}: ${message}`.replace(
    /[^.]$/,
    '$&.',
  )
}
