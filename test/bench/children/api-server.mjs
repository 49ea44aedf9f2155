import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { input } from './input.mjs'

/**
 * An image API in a process of its own. It sends one picture over and over, each time with another
 * text chunk, so that no two answers have the same bytes; the long rest is encoded only once.
 */
const { picture, delay } = input
const png = readFileSync(picture)
const HEADER = 33 // signature and IHDR
const TEXT_CHUNK = 18 // makes the head's length divisible by three, as base64 wants it
const tail = Buffer.from(`${png.subarray(HEADER).toString('base64')}"}]}`, 'latin1')
let answers = 0

function headOf(number) {
  const chunk = Buffer.alloc(TEXT_CHUNK)
  chunk.writeUInt32BE(TEXT_CHUNK - 12)
  chunk.write(`tEXti\0${String(number).padStart(4, '0')}`, 4, 'latin1')
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), TEXT_CHUNK - 4)
  const start = Buffer.concat([png.subarray(0, HEADER), chunk]).toString('base64')
  return Buffer.from(`{"created":1700000000,"data":[{"b64_json":"${start}`, 'latin1')
}

const server = createServer(async (request, response) => {
  for await (const _ of request);
  await wait(delay)
  const head = headOf(answers++)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': head.length + tail.length,
  })
  response.write(head)
  response.end(tail)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}/v1\n`)
})
