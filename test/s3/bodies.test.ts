import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createS3Objects } from '../../src/originals/objects/s3/s3-objects.ts'
import { readObject } from '../../src/originals/store/entry/stored-entries.ts'
import { IMPATIENT } from './s3-server.ts'

/** Opens a bucket whose every GET is answered as told; counts what was written until it ended. */
async function openAgainst(answer: (response: ServerResponse) => void) {
  let requests = 0
  let written = 0
  const server = createServer((request, response) => {
    requests += 1
    const write = response.write.bind(response)
    response.write = (chunk: Buffer) => {
      written += chunk.length
      return write(chunk)
    }
    request.resume().on('end', () => answer(response))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    vi.unstubAllEnvs()
  })
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SOMEBODY')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'something')
  const objects = await createS3Objects({
    region: 'us-east-1',
    bucket: 'bucket',
    prefix: 'p',
    access: 'read-only',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    patience: IMPATIENT,
  })
  return { objects, requests: () => requests, written: () => written }
}

const MIB = 1024 * 1024

async function pour(response: ServerResponse, bytes: Buffer): Promise<void> {
  while (!response.destroyed) {
    if (!response.write(bytes))
      await Promise.race([once(response, 'drain'), once(response, 'close')])
    await new Promise(setImmediate)
  }
}

test.each([
  ['a range', 206, { 'content-range': `bytes 0-262143/${1024 * MIB}` }],
  ['a whole', 200, { 'content-length': String(1024 * MIB) }],
  ['a whole of unknown length', 200, {}],
])('%s without end is given up as soon as it is too long', async (_, status, headers) => {
  const { objects, written } = await openAgainst(response => {
    response.writeHead(status, headers)
    void pour(response, Buffer.alloc(MIB))
  })
  const reading = readObject(objects, 'entries/ab/key.json', 8 * MIB)
  await expect(reading).rejects.toThrow(/entries\/ab\/key\.json can't be read: .* TooLong/)
  // What lies in the buffers of both ends.
  expect(written()).toBeLessThan(48 * MIB)
})

test('an error or a listing without end is given up', async () => {
  for (const status of [200, 403]) {
    const { objects, written } = await openAgainst(response => {
      response.writeHead(status, { 'content-type': 'application/xml' })
      void pour(response, Buffer.alloc(MIB, ' '))
    })
    const listing = async () => {
      for await (const { name } of objects.list('entries/')) expect.unreachable(name)
    }
    await expect(listing()).rejects.toThrow(/can't be listed: .* TooLarge/)
    expect(written()).toBeLessThan(48 * MIB)
  }
})

test('a listing that repeats its token ends with an error', async () => {
  const { objects, requests } = await openAgainst(response => {
    response.setHeader('content-type', 'application/xml')
    response.end(
      '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken><Contents><Key>p/entries/a.json</Key><Size>1</Size></Contents></ListBucketResult>',
    )
  })
  const listing = async () => {
    for await (const { name } of objects.list('entries/')) expect(name).toBe('entries/a.json')
  }
  await expect(listing()).rejects.toThrow('was listed only in part')
  expect(requests()).toBe(2)
})

test('an answer that drips is given up', async () => {
  const { objects } = await openAgainst(response => {
    response.writeHead(206, { 'content-range': 'bytes 0-262143/262144' })
    const drip = setInterval(() => response.write(Buffer.alloc(1)), 50)
    response.on('close', () => clearInterval(drip))
  })
  await expect(objects.get('entries/ab/key.json')).rejects.toThrow(/too slow or does not answer/)
})
