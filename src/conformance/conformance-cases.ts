import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sha256 } from '../system/digest.ts'
import {
  type Bench,
  CANARY,
  drawPicture,
  entriesOf,
  rejectionOf,
  type Test,
} from './conformance-bench.ts'
import { type Behaviour, breakOff, endless, reply, reset, silent } from './conformance-server.ts'
import type { ApiReply, ConformanceSubject } from './conformance-subject.ts'

/** What a provider is held to, by name. */
export const CASES: Readonly<Record<string, Test>> = {
  'a picture is kept byte for byte': keepsPicture,
  'a rate limit is tried again, and nothing was billed twice': retriesRateLimit,
  'a refusal is not tried again': bench => asksOnce(bench, errorOf(bench.subject, 400, 'No.')),
  'a rejected key is not tried again': bench => asksOnce(bench, errorOf(bench.subject, 401, 'No.')),
  'a server error may have been billed': bench =>
    isUncertain(bench, reply(errorOf(bench.subject, 500, 'Sorry.'))),
  'a connection that is reset may have been billed': bench => isUncertain(bench, reset),
  'an answer that breaks off may have been billed, and is not a picture': breaksOff,
  'silence is given up after provider.timeout': givesUpSilence,
  'closing the pipeline ends the request': endsRequest,
  'no message, event or file holds the key': hidesKey,
  'a size that it does not make is a fault before anything is sent': refusesSize,
  'references and masks are sent, or refused before anything is': treatsFiles,
  'an answer beyond limits.answerBytes is not taken in': boundsMemory,
  'an answer that was kept becomes a picture without another request': recovers,
}

function errorOf(
  { error = (status, message) => ({ status, body: { error: { message } } }) }: ConformanceSubject,
  status: number,
  message: string,
): ApiReply {
  return { ...error(status, message), status }
}

async function keepsPicture({ subject, server, open }: Bench): Promise<void> {
  const picture = await drawPicture()
  server.script(reply(subject.answer(picture)))
  const pipeline = await open()
  await pipeline.generate()
  const [entry] = await entriesOf(pipeline)
  assert.equal(entry?.digest, sha256(picture))
  assert.equal(server.requests.length, 1)
}

async function retriesRateLimit({ subject, server, open }: Bench): Promise<void> {
  const limited = reply(errorOf(subject, 429, 'Too many requests.'))
  server.script(limited, reply(subject.answer(await drawPicture())))
  const report = await (await open()).generate()
  assert.equal(server.requests.length, 2)
  assert.equal(report.images[0]?.possiblyBilledTwice, 0)
}

async function asksOnce({ server, open }: Bench, refusal: ApiReply): Promise<void> {
  server.script(reply(refusal))
  const error = await rejectionOf((await open()).generate())
  assert.match(error?.message ?? 'Nothing failed.', /hero/)
  assert.equal(server.requests.length, 1)
}

async function isUncertain({ server, open }: Bench, behaviour: Behaviour): Promise<void> {
  server.script(behaviour)
  const pipeline = await open({ provider: { retry: { delays: [1], uncertain: 'stop' } } })
  await rejectionOf(pipeline.generate())
  assert.equal(server.requests.length, 1)
  const [image] = (await pipeline.plan()).images
  assert.equal(image?.status.state, 'uncertain')
}

async function breaksOff(bench: Bench): Promise<void> {
  await isUncertain(bench, breakOff(bench.subject.answer(await drawPicture(256))))
  assert.deepEqual(await entriesOf(await bench.open()), [])
}

async function givesUpSilence({ server, open }: Bench): Promise<void> {
  server.script(silent)
  const timeout = { silence: 300 }
  const pipeline = await open({ provider: { timeout, retry: { delays: [], uncertain: 'stop' } } })
  const error = await rejectionOf(pipeline.generate())
  assert.match(error?.message ?? 'Nothing failed.', /0\.3 s of `provider\.timeout\.silence`/)
  await inTime(server.abandoned, 'The request went on although its result was not needed any more.')
}

async function endsRequest({ server, open }: Bench): Promise<void> {
  server.script(silent)
  const pipeline = await open()
  const generating = rejectionOf(pipeline.generate())
  await server.asked
  await pipeline.close({ abort: true })
  await generating
  await inTime(server.abandoned, 'The request went on although its result was not needed any more.')
}

async function hidesKey(bench: Bench): Promise<void> {
  const { subject, server, root, told, open } = bench
  for (const status of [400, 401, 403, 500]) {
    server.script(reply(errorOf(subject, status, `The key ${CANARY} is not good.`)))
    const pipeline = await open({ provider: { retry: { delays: [] } } })
    const error = await rejectionOf(pipeline.generate({ again: true }))
    told.push(error?.message ?? '')
  }
  assert.ok(!told.join('\n').includes(CANARY), 'A message or an event holds the key.')
  for (const file of await filesBelow(root)) {
    assert.ok(
      !(await readFile(file)).includes(CANARY),
      `${path.relative(root, file)} holds the key.`,
    )
  }
}

async function refusesSize({ subject, server, open, root }: Bench): Promise<void> {
  const { use, sizes = use?.sizes } = subject.provider({ url: server.url, apiKey: CANARY })
  if (use && sizes === undefined) return
  if (sizes === 'any') return
  await writeFile(path.join(root, 'hero.image.yaml'), 'prompt: A lighthouse\nsize: 17 by 19\n')
  const error = await rejectionOf((await open()).generate())
  assert.match(error?.message ?? 'Nothing failed.', /hero\.image\.yaml:2:7 .* the size "17 by 19"/)
  assert.equal(server.requests.length, 0)
}

async function treatsFiles({ subject, server, open, root }: Bench): Promise<void> {
  const [picture, mask] = [await drawPicture(), await drawPicture(48, 4)]
  await writeFile(path.join(root, 'a.png'), picture)
  await writeFile(path.join(root, 'm.png'), mask)
  server.script(reply(subject.answer(await drawPicture())))
  for (const [written, file] of [
    ['./a.png', picture],
    ['{ file: ./a.png, mask: ./m.png }', mask],
  ] as const) {
    const manifest = `prompt: Another lighthouse\nreferences: [${written}]\n`
    await writeFile(path.join(root, 'hero.image.yaml'), manifest)
    const before = server.requests.length
    const error = await rejectionOf((await open()).generate())
    const sent = server.requests.at(-1)?.body
    if (error) {
      assert.match(error.message, /does not accept (?:reference pictures|masks)/)
      assert.equal(server.requests.length, before)
    } else {
      const isThere = sent?.includes(file) || sent?.includes(file.toString('base64'))
      assert.ok(isThere, `The request does not hold the bytes of ${written}.`)
    }
  }
}

/** Milliseconds that a provider may take to let go of a request. */
const PATIENCE = 5_000

async function inTime(promise: Promise<void>, problem: string): Promise<void> {
  const late = new AbortController()
  const timer = wait(PATIENCE, undefined, { signal: late.signal }).then(() => assert.fail(problem))
  await Promise.race([promise, timer]).finally(() => late.abort())
}

const MIB = 1024 * 1024

async function boundsMemory({ subject, server, open }: Bench): Promise<void> {
  if (subject.wholePictures) return
  let written = 0
  const answer = subject.answer(await drawPicture(512))
  server.script(endless(answer, bytes => (written += bytes)))
  const pipeline = await open({ limits: { answerBytes: 8 * MIB } })
  const error = await rejectionOf(pipeline.generate())
  assert.match(error?.message ?? 'Nothing failed.', /limits\.answerBytes|cannot be read/)
  // What lies in the buffers of both ends comes on top.
  assert.ok(written < 100 * MIB, `${written} bytes were read.`)
  assert.deepEqual(await entriesOf(pipeline), [])
}

async function recovers({ subject, server, open }: Bench): Promise<void> {
  const picture = await drawPicture()
  server.script(reply(subject.answer(picture)))
  // The place of the blobs is taken: the answer is kept, and cannot be committed.
  const pipeline = await open()
  const { cacheDir } = pipeline.options
  const obstacle = path.join(cacheDir, 'blobs')
  await mkdir(cacheDir, { recursive: true })
  await writeFile(obstacle, '')
  assert.match(
    (await rejectionOf(pipeline.generate()))?.message ?? 'Nothing failed.',
    /complete answer is in/,
  )
  await rm(obstacle)
  server.script(reset)
  const later = await open()
  await later.generate()
  assert.equal(server.requests.length, 1)
  assert.equal((await entriesOf(later))[0]?.digest, sha256(picture))
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
}
