import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { ObjectStore } from '../../src/originals/objects/object-store.ts'
import {
  createS3Objects,
  type S3ObjectsOptions,
} from '../../src/originals/objects/s3/s3-objects.ts'

const BUCKET = 'imagegen-tests'

/** Set by `eval "$(test/s3-server/ceph start)"`, together with the credentials. */
export const endpoint = process.env.TEST_S3_ENDPOINT

/** For the names of suites, which then say why they were skipped. */
export const needsS3 = endpoint ? '' : ' (skipped: TEST_S3_ENDPOINT is not set)'

export interface Bucket {
  readonly bucket: string
  /** Of this test alone. */
  readonly prefix: string
  readonly endpoint: string
  open(options?: Partial<S3ObjectsOptions>): Promise<ObjectStore>
  /** Puts bytes in the place of whatever is there, as only an attacker or an accident would. */
  overwrite(name: string, bytes: string | Uint8Array): Promise<void>
}

/** A part of the server's bucket that no other test uses. */
export async function createBucket(): Promise<Bucket> {
  if (!endpoint) throw new Error('TEST_S3_ENDPOINT is not set.')
  const client = new S3Client({ endpoint, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET })).catch((error: Error) => {
    if (!error.name.startsWith('BucketAlready')) throw error
  })
  const prefix = randomUUID()
  return {
    bucket: BUCKET,
    prefix,
    endpoint,
    open: options =>
      createS3Objects({ bucket: BUCKET, prefix, endpoint, access: 'read-write', ...options }),
    async overwrite(name, bytes) {
      const Key = `${prefix}/${name}`
      await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Buffer.from(bytes) }))
    },
  }
}

/** Gives up soon, for operations that are expected to fail. */
export const IMPATIENT = { idle: 400, delays: [5, 10], longest: 5_000 }
