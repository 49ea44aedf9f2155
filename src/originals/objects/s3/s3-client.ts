import type { FindProxy } from '../../../system/proxy/proxy.ts'
import { createProxyAgents } from '../../../system/proxy/proxy-agents.ts'
import { SharedStoreError } from '../shared-store-error.ts'
import { capAnswers } from './s3-cap.ts'
import type { S3Client, S3Sdk } from './s3-sdk.ts'
import { type S3Settings, s3Label } from './s3-settings.ts'

/** Where services that know no regions expect one all the same. */
const ANY_REGION = 'us-east-1'

/** Milliseconds. */
const CONNECT = 10_000

const ignore = (): void => undefined
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore }

/** Loads the AWS SDK when a store is used, and only then. @throws SharedStoreError */
export async function loadSdk(settings: S3Settings): Promise<S3Sdk> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (cause) {
    throw new SharedStoreError(
      `The shared store ${s3Label(settings)} needs the package @aws-sdk/client-s3, which can't be loaded. Install it with npm install --save-dev @aws-sdk/client-s3`,
      { cause },
    )
  }
}

/** Credentials come from where the SDK looks for them: environment, profiles, roles, OIDC. */
export async function createClient(
  sdk: S3Sdk,
  settings: S3Settings,
  findProxy?: FindProxy,
): Promise<S3Client> {
  const { endpoint } = settings
  const agents = findProxy && createProxyAgents(findProxy)
  const open = (region: string | undefined): S3Client => {
    const client = new sdk.S3Client({
      ...(region !== undefined && { region }),
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      // Every attempt is ours: only then is it known whether a write may have been done before.
      maxAttempts: 1,
      // Bytes are held to their SHA-256 on every way; compatible services do not all know AWS's own sums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: CONNECT, ...agents },
      // It would write to the console by itself.
      logger: SILENT,
    })
    capAnswers(client)
    return client
  }
  const client = open(settings.region)
  try {
    await client.config.region()
    return client
  } catch (cause) {
    if (endpoint !== undefined) return open(ANY_REGION)
    throw new SharedStoreError(
      `The region of the shared store ${s3Label(settings)} is unknown. Set \`store.region\` or AWS_REGION.`,
      { cause },
    )
  }
}
