import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { type Digest, digestOf, sha256 } from '../../../system/digest.ts'
import { formatOfExtension } from '../../../system/picture-format.ts'
import type { ObjectSource } from '../object-store.ts'
import type { IdleWatch } from './s3-attempts.ts'
import { meansTaken } from './s3-fault.ts'
import type { S3Reader, S3Source } from './s3-read.ts'

export interface S3Writer {
  putIfAbsent(name: string, key: string, source: ObjectSource): Promise<'stored' | 'present'>
}

/** Writes objects that are not there yet, whole or not at all. */
export function createS3Writer(target: S3Source, reader: S3Reader): S3Writer {
  const { attempts, label } = target
  return {
    async putIfAbsent(name, key, source) {
      const taken = await attempts.run<'stored' | 'taken'>(
        `${label}/${name} can't be written`,
        async watch => {
          await put(target, key, source, watch)
          return 'stored'
        },
        fault => (meansTaken(fault) ? 'taken' : undefined),
      )
      if (taken === 'stored') return 'stored'
      // The answer to an earlier attempt may have been lost, here or on the way: then it is ours.
      return (await holds(reader, name, key, source)) ? 'stored' : 'present'
    },
  }
}

async function put(
  { sdk, client, bucket }: S3Source,
  key: string,
  source: ObjectSource,
  watch: IdleWatch,
): Promise<void> {
  const digest = digestOfSource(source)
  const command = new sdk.PutObjectCommand({
    Bucket: bucket,
    Key: key,
    IfNoneMatch: '*',
    ContentLength: sizeOf(source),
    ContentType: contentType(key),
    Body: 'bytes' in source ? source.bytes : bodyOf(source.file, watch),
  })
  // Signed with the digest, bytes that change on the way are refused by the server.
  command.middlewareStack.add(
    next => args => {
      const { request } = args
      if (hasHeaders(request)) request.headers['x-amz-content-sha256'] = digest
      return next(args)
    },
    { step: 'build', name: 'signContentDigest' },
  )
  await client.send(command, { abortSignal: watch.signal })
}

/** Bytes that are taken count as progress. */
function bodyOf(file: string, watch: IdleWatch): Readable {
  async function* read() {
    for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) {
      watch.touch(piece.length)
      yield piece
    }
  }
  return Readable.from(read(), { objectMode: false })
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request
}

async function holds(
  reader: S3Reader,
  name: string,
  key: string,
  source: ObjectSource,
): Promise<boolean> {
  const present = await reader.read(name, key)
  if (!present || present.size !== sizeOf(source)) return false
  const hash = createHash('sha256')
  for await (const chunk of present.stream()) hash.update(chunk)
  return digestOf(hash) === digestOfSource(source)
}

function sizeOf(source: ObjectSource): number {
  return 'bytes' in source ? source.bytes.length : source.size
}

function digestOfSource(source: ObjectSource): Digest {
  return 'bytes' in source ? sha256(source.bytes) : source.digest
}

/** So that a bucket's own browser shows the pictures. */
function contentType(key: string): string {
  const extension = key.slice(key.lastIndexOf('.') + 1)
  if (extension === 'json') return 'application/json'
  const format = formatOfExtension(extension)
  return format ? `image/${format}` : 'application/octet-stream'
}
