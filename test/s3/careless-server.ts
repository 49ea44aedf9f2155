import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A store that ignores conditions: the last writer wins. */
export async function createCarelessServer(): Promise<{
  readonly endpoint: string
  readonly objects: ReadonlyMap<string, Buffer>
}> {
  const objects = new Map<string, Buffer>()
  const server = createServer(async (request, response) => {
    const name = request.url?.split('?')[0] ?? ''
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    if (request.method === 'PUT') {
      objects.set(name, Buffer.concat(pieces))
      return void response.end()
    }
    if (request.method === 'DELETE') {
      objects.delete(name)
      return void response.writeHead(204).end()
    }
    const found = objects.get(name)
    if (!found) {
      const body = '<Error><Code>NoSuchKey</Code><Message>It is not there.</Message></Error>'
      return void response.writeHead(404, { 'content-type': 'application/xml' }).end(body)
    }
    response.end(found)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, objects }
}
