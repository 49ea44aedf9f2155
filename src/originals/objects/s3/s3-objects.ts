import { randomUUID } from 'node:crypto'
import { type Clock, systemClock } from '../../../system/clock.ts'
import { createLazy } from '../../../system/lazy.ts'
import type { FindProxy } from '../../../system/proxy/proxy.ts'
import type { ObjectInfo, ObjectStore } from '../object-store.ts'
import { SharedStoreError } from '../shared-store-error.ts'
import { createS3Attempts } from './s3-attempts.ts'
import { createClient, loadSdk } from './s3-client.ts'
import { probeConditionalWrites } from './s3-probe.ts'
import { createS3Reader, type S3Source } from './s3-read.ts'
import { S3_PATIENCE, type S3Patience, type S3Settings, s3Label } from './s3-settings.ts'
import { createS3Writer } from './s3-write.ts'

export interface S3ObjectsOptions extends S3Settings {
  readonly patience?: Partial<S3Patience>
  readonly clock?: Clock
  /** A number in [0, 1). */
  readonly random?: () => number
  /** @default none */
  readonly findProxy?: FindProxy
}

/**
 * Named, immutable objects in an S3-compatible bucket. Before the first write it is proven that
 * the store honours conditional writes.
 * @throws SharedStoreError when the AWS SDK is not installed or finds no region
 */
export async function createS3Objects(options: S3ObjectsOptions): Promise<ObjectStore> {
  const { bucket, prefix, access, clock = systemClock, random = Math.random } = options
  const label = s3Label(options)
  const sdk = await loadSdk(options)
  const client = await createClient(sdk, options, options.findProxy)
  const patience = { ...S3_PATIENCE, ...options.patience }
  const attempts = createS3Attempts(options, patience, clock, random)
  const source: S3Source = { sdk, client, bucket, label, attempts }
  const reader = createS3Reader(source)
  const writer = createS3Writer(source, reader)
  const head = prefix && `${prefix}/`

  const read = (name: string) => reader.read(name, head + name)

  async function remove(name: string): Promise<void> {
    await attempts.run(`${label}/${name} can't be deleted`, ({ signal }) =>
      client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: head + name }), {
        abortSignal: signal,
      }),
    )
  }

  /** Once; again after it failed, since the store may only have been out of reach. */
  const prove = createLazy(() =>
    probeConditionalWrites(label, `probe/${randomUUID()}`, {
      put: (name, bytes) => writer.putIfAbsent(name, head + name, { bytes }),
      read: async name => {
        const object = await read(name)
        return object && text(object.stream())
      },
      delete: remove,
    }),
  )

  function assertWritable(): void {
    if (access === 'read-write') return
    throw new SharedStoreError(`${label} is read-only here, so nothing is written to it.`)
  }

  return {
    label,
    get: read,

    async putIfAbsent(name, object) {
      assertWritable()
      await prove()
      return writer.putIfAbsent(name, head + name, object)
    },

    async *list(namePrefix) {
      const tokens = new Set<string>()
      let token: string | undefined
      do {
        const page = await attempts.run(`${label}/${namePrefix} can't be listed`, ({ signal }) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: bucket,
              Prefix: head + namePrefix,
              ...(token !== undefined && { ContinuationToken: token }),
            }),
            { abortSignal: signal },
          ),
        )
        for (const { Key, Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
          if (Key === undefined) continue
          const info: ObjectInfo = {
            name: Key.slice(head.length),
            size: Size,
            modified: LastModified,
          }
          yield info
        }
        token = page.NextContinuationToken
        const isRepeated = token !== undefined && tokens.has(token)
        if (isRepeated || tokens.size > MOST_PAGES || (page.IsTruncated && token === undefined)) {
          throw new SharedStoreError(`${label}/${namePrefix} was listed only in part. Run again.`)
        }
        if (token !== undefined) tokens.add(token)
      } while (token !== undefined)
    },

    async delete(name) {
      assertWritable()
      await remove(name)
    },
  }
}

/** Of 1,000 names each: ten million objects. */
const MOST_PAGES = 10_000

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}
