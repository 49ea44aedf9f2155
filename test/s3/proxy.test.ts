import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createS3Objects } from '../../src/originals/objects/s3/s3-objects.ts'
import { startConnectProxy } from '../support/connect-proxy.ts'
import { makeIdentity } from '../support/tls-identity.ts'
import { IMPATIENT } from './s3-server.ts'

const answer: RequestListener = (request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-length': 5 }).end('bytes'))
}

async function readThroughProxy(protocol: 'http' | 'https', credentials?: string) {
  const identity = makeIdentity()
  const server =
    protocol === 'http' ? createServer(answer) : createTlsServer(identity ?? {}, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    vi.unstubAllEnvs()
  })
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'SOMEBODY')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'something')
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const proxy = await startConnectProxy(credentials === undefined ? {} : { credentials })
  const { port } = server.address() as AddressInfo
  const objects = await createS3Objects({
    region: 'us-east-1',
    bucket: 'bucket',
    prefix: 'p',
    access: 'read-only',
    endpoint: `${protocol}://localhost:${port}`,
    patience: IMPATIENT,
    findProxy: () => proxy.asFound,
  })
  return { proxy, port, reading: objects.get('entries/ab/key.json') }
}

test.each(['http', 'https'] as const)('a bucket over %s goes through the proxy', async protocol => {
  const { proxy, port, reading } = await readThroughProxy(protocol)
  const object = await reading
  const pieces: Uint8Array[] = []
  for await (const piece of object?.stream() ?? []) pieces.push(piece)
  expect(Buffer.concat(pieces).toString()).toBe('bytes')
  expect(proxy.log[0]).toBe(`localhost:${port} 200`)
})

test('a 407 is named', async () => {
  const { reading } = await readThroughProxy('https', 'ana:secret')
  const failure = await reading.then(String, String)
  expect(failure).toContain('refuses the connection with 407')
  expect(failure).not.toContain('secret')
})
