import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { UnusablePictureError } from '../../src/errors/unusable-picture-error.ts'
import { isPublicAddress } from '../../src/provider/download/public-address.ts'
import { temporaryFolder } from '../support/folder.ts'
import { journalFiles, makeOrder, makeOriginals, stateOf } from './make-originals.ts'

type Download = (request: IncomingMessage, response: ServerResponse, count: number) => void

/** An API that answers with addresses, and what it says to whoever follows them. */
async function startLinkApi(address: (origin: string) => string, download: Download) {
  const downloads: IncomingMessage[] = []
  const seen = { requests: 0, downloads }
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      seen.requests += 1
      request.resume()
      response.end(JSON.stringify({ data: [{ url: address(origin), revised_prompt: 'A boat' }] }))
    } else {
      downloads.push(request)
      download(request, response, downloads.length)
    }
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { ...seen, url: `${origin}/v1`, seen }
}

const picture = await sharp({ create: { width: 32, height: 32, channels: 3, background: 'teal' } })
  .png()
  .toBuffer()
const own = (origin: string) => `${origin}/files/1.png?signature=secret`

test('a picture at the API’s own origin is downloaded, with the key, and its address kept nowhere', async () => {
  const api = await startLinkApi(own, (_, response) => response.end(picture))
  const dir = await temporaryFolder()
  const { originals } = await makeOriginals(dir, api.url)
  const { original, how, attempts } = await originals.acquire(makeOrder('A boat'))
  expect({ how, attempts }).toEqual({ how: 'generated', attempts: 1 })
  expect(await readFile(original.path)).toEqual(picture)
  expect(original.entry.facts).toEqual({ revised_prompt: 'A boat' })
  expect(api.downloads[0]?.headers.authorization).toBe('Bearer test-key')
  expect(await journalFiles(dir)).toEqual([])
  await originals.close()
})

test('a downloaded picture that was unusable is judged anew without another download', async () => {
  const api = await startLinkApi(own, (_, response) => response.end(picture))
  const dir = await temporaryFolder()
  const order = makeOrder('A boat')
  const refusing = await makeOriginals(dir, api.url, {
    prove: async () => {
      throw new UnusablePictureError('It has too many pixels.')
    },
  })
  await expect(refusing.originals.acquire(order)).rejects.toMatchObject({ code: 'ANSWER_UNUSABLE' })
  await refusing.originals.close()
  const { originals } = await makeOriginals(dir, api.url)
  expect(await originals.recheckQuarantine()).toMatchObject({ answers: [{ verdict: 'recovered' }] })
  expect(await originals.status(order.key)).toMatchObject({
    state: 'ready',
    original: { entry: { facts: { revised_prompt: 'A boat' } } },
  })
  expect(api.downloads).toHaveLength(1)
  expect(await readdir(join(dir, 'local', 'quarantine'))).toEqual([])
  await originals.close()
})

test('only the download is retried, in this run and the next', async () => {
  const api = await startLinkApi(own, (request, response, count) => {
    if (count <= 5) request.socket.destroy()
    else response.writeHead(200, { 'content-length': picture.length }).end(picture)
  })
  const dir = await temporaryFolder()
  const order = makeOrder('A ferry')
  const first = await makeOriginals(dir, api.url)
  await expect(first.originals.acquire(order)).rejects.toMatchObject({
    code: 'DOWNLOAD_FAILED',
    message: expect.stringMatching(
      /^site\.image\.yaml#A-ferry: The API answered with the URL of a picture at http:\/\/127\.0\.0\.1:\d+, but the download failed: .* The next run downloads it without another request\.$/,
    ),
  })
  await first.originals.close()
  expect([api.seen.requests, api.downloads.length]).toEqual([1, 4])

  const second = await makeOriginals(dir, api.url)
  expect(await second.originals.acquire(order)).toMatchObject({ how: 'recovered', attempts: 0 })
  expect([api.seen.requests, api.downloads.length]).toEqual([1, 6])
  await second.originals.close()
})

test('recover() downloads what an earlier run could not', async () => {
  const api = await startLinkApi(own, (_, response, count) => {
    if (count <= 4) response.writeHead(503).end()
    else response.end(picture)
  })
  const dir = await temporaryFolder()
  const order = makeOrder('A raft')
  const first = await makeOriginals(dir, api.url)
  await expect(first.originals.acquire(order)).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  await first.originals.close()
  const second = await makeOriginals(dir, api.url)
  expect(await second.originals.recover()).toMatchObject({ committed: [order.key] })
  await second.originals.close()
  expect(api.seen.requests).toBe(1)
})

test('an address that stays away is given up when another request is asked for', async () => {
  let broken = true
  const api = await startLinkApi(own, (request, response) => {
    if (broken) request.socket.destroy()
    else response.end(picture)
  })
  const order = makeOrder('A dinghy')
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, {
    retry: { delays: [] },
  })
  await expect(originals.acquire(order)).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
  const asking = originals.acquire(order, {
    again: true,
    onProgress: progress => {
      if (stateOf(progress) === 'generating') broken = false
    },
  })
  expect(await asking).toMatchObject({ how: 'generated', attempts: 1 })
  expect(api.seen.requests).toBe(2)
  await originals.close()
})

const unusable: readonly (readonly [string, (origin: string) => string, Download, RegExp])[] = [
  ...([403, 404, 410] as const).map(
    status =>
      [
        `${status}`,
        own,
        (_: IncomingMessage, response: ServerResponse) => response.writeHead(status).end(),
        new RegExp(`the server answers ${status}`),
      ] as const,
  ),
  ['http elsewhere', () => 'http://cdn.invalid/1.png', () => {}, /it is not https/],
  ['a file', () => 'file:///etc/passwd', () => {}, /it is not a URL of the web/],
  [
    'a private address',
    () => 'https://169.254.169.254/latest',
    () => {},
    /169\.254\.169\.254 belongs to a private network/,
  ],
  [
    'a name of this machine',
    () => 'https://localhost:1/1.png',
    () => {},
    /localhost belongs to a private network/,
  ],
  [
    'a redirect without end',
    own,
    (request, response) => response.writeHead(302, { location: `${request.url}&` }).end(),
    /it redirects too often/,
  ],
  [
    'a redirect to a private network',
    own,
    (_, response) => response.writeHead(302, { location: 'https://[::1]:9/x' }).end(),
    /::1 belongs to a private network/,
  ],
  ['a page', own, (_, response) => response.end('<html>Sign in</html>'), /no usable picture/],
]

test.each(unusable)('%s at the address ends the image after one request', async (...it) => {
  const [, address, download, words] = it
  const api = await startLinkApi(address, download)
  const dir = await temporaryFolder()
  const order = makeOrder('A wreck')
  const { originals } = await makeOriginals(dir, api.url, { retry: { delays: [1, 1] } })
  const error: Error = await originals.acquire(order).then(
    () => expect.unreachable(),
    thrown => thrown,
  )
  if (it[0] === 'a redirect without end') {
    expect(error).toMatchObject({ code: 'DOWNLOAD_FAILED' })
  } else {
    expect(error).toMatchObject({ code: 'ANSWER_UNUSABLE' })
    const [folder = ''] = await readdir(join(dir, 'unusable'))
    const record = await readFile(join(dir, 'unusable', folder, `${order.key}.json`), 'utf8')
    expect(record).not.toMatch(/signature|1\.png/)
  }
  expect(error.message).toMatch(words)
  expect(error.message).not.toMatch(/signature/)
  await originals.close()
  expect(api.seen.requests).toBe(1)
})

test('nobody on a private network is connected to', async () => {
  let connections = 0
  const server = createTcpServer(() => {
    connections += 1
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.close()
  })
  const { port } = server.address() as AddressInfo
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0']) {
    const api = await startLinkApi(
      () => `https://${host}:${port}/1.png`,
      () => {},
    )
    const { originals } = await makeOriginals(await temporaryFolder(), api.url)
    await expect(originals.acquire(makeOrder('A fort'))).rejects.toMatchObject({
      code: 'ANSWER_UNUSABLE',
    })
    await originals.close()
  }
  expect(connections).toBe(0)
})

test.each([
  ['1.1.1.1', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['172.31.0.1', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::', false],
  ['::1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::a00:1', false],
  ['2002:a00:1::', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['ff02::1', false],
  ['cdn.example', false],
])('%s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})

test('three pictures in a row that cannot be downloaded stop the run', async () => {
  const api = await startLinkApi(
    () => 'https://nowhere.invalid/1.png',
    () => {},
  )
  const { originals } = await makeOriginals(await temporaryFolder(), api.url, { concurrency: 1 })
  const orders = Array.from({ length: 6 }, (_, index) => makeOrder(`Image ${index}`))
  const settled = await Promise.allSettled(orders.map(order => originals.acquire(order)))
  const codes = settled.map(one => (one.status === 'rejected' ? one.reason.code : 'a picture'))
  expect(codes.sort()).toEqual([
    ...Array(3).fill('DOWNLOAD_FAILED'),
    ...Array(3).fill('RUN_STOPPED'),
  ])
  expect(api.seen.requests).toBe(3)
  await originals.close()
})
