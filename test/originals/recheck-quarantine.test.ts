import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { UnusablePictureError } from '../../src/errors/unusable-picture-error.ts'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import {
  journalFiles,
  type MakeOriginalsOptions,
  makeOrder,
  makeOriginals,
} from './make-originals.ts'

let api: ApiServer
beforeAll(async () => {
  api = await createApiServer({ scale: 1 / 16 })
})
beforeEach(() => api.reset())
afterAll(() => api.close())

const order = makeOrder('A harbour')

/** An older decoder, or a lower limit. */
const REFUSED: MakeOriginalsOptions = {
  prove: async () => {
    throw new UnusablePictureError('It has too many pixels.')
  },
}

/** Whoever recovers has no key, and sends nothing. */
const KEYLESS: MakeOriginalsOptions = {
  provider: async () => {
    throw new Error('There is no key.')
  },
}

async function leaveUnusable(dir: string): Promise<void> {
  const { originals } = await makeOriginals(dir, api.url, REFUSED)
  await expect(originals.acquire(order)).rejects.toMatchObject({
    code: 'ANSWER_UNUSABLE',
    message: expect.stringContaining('`imagegen recover` checks it again'),
  })
  await originals.close()
}

async function filesIn(dir: string, ...folder: string[]): Promise<readonly string[]> {
  const path = join(dir, ...folder)
  const files = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  return files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
}
const quarantine = (dir: string) => filesIn(dir, 'local', 'quarantine')

test('what is a picture now becomes the original, without a key or a request', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const { originals } = await makeOriginals(dir, api.url, KEYLESS)
  const { requestId } = api.requests[0] ?? expect.unreachable()
  expect(await originals.recheckQuarantine()).toEqual({
    answers: [
      {
        key: order.key,
        image: order.image,
        requestId,
        verdict: 'recovered',
        files: [expect.any(String), expect.stringMatching(/\.answer$/)],
      },
    ],
    unknown: [],
  })
  expect(await originals.status(order.key)).toMatchObject({
    state: 'ready',
    original: { entry: { requestId, facts: { revised_prompt: expect.any(String) } } },
  })
  expect(await quarantine(dir)).toEqual([])
  expect(await filesIn(dir, 'unusable')).toEqual([])
  expect(await filesIn(dir, 'local', 'tmp')).toEqual([])
  expect(await journalFiles(dir)).toEqual([])
  expect(await originals.recheckQuarantine()).toEqual({ answers: [], unknown: [] })
  expect(api.count).toBe(1)
  await originals.close()
})

test('what is still no picture stays as it is, however often it is judged', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const before = await quarantine(dir)
  const { originals } = await makeOriginals(dir, api.url, { ...KEYLESS, ...REFUSED })
  for (const _run of [1, 2]) {
    const { answers } = await originals.recheckQuarantine()
    expect(answers).toMatchObject([
      {
        verdict: 'unusable',
        problem: 'The answer held no usable picture: It has too many pixels.',
      },
    ])
  }
  expect(await quarantine(dir)).toEqual(before)
  expect(await filesIn(dir, 'local', 'tmp')).toEqual([])
  expect(await originals.status(order.key)).toMatchObject({ state: 'unusable' })
  await originals.close()
})

test('a dry run keeps nothing', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const before = await quarantine(dir)
  const { originals } = await makeOriginals(dir, api.url, KEYLESS)
  expect(await originals.recheckQuarantine({ dryRun: true })).toMatchObject({
    answers: [{ verdict: 'usable' }],
  })
  expect(await quarantine(dir)).toEqual(before)
  expect(await filesIn(dir, 'entries')).toEqual([])
  expect(await originals.status(order.key)).toMatchObject({ state: 'unusable' })
  await originals.close()
})

test('only what is selected is judged', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const { originals } = await makeOriginals(dir, api.url, KEYLESS)
  const selects = ({ image: { name } }: { readonly image: { readonly name: string } }) =>
    name === 'another'
  expect(await originals.recheckQuarantine({ selects })).toEqual({ answers: [], unknown: [] })
  expect(await originals.status(order.key)).toMatchObject({ state: 'unusable' })
  await originals.close()
})

test('a project that was moved is judged where it lies', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const moved = `${dir}-moved`
  await rename(dir, moved)
  const { originals } = await makeOriginals(moved, api.url, KEYLESS)
  expect(await originals.recheckQuarantine()).toMatchObject({ answers: [{ verdict: 'recovered' }] })
  await originals.close()
})

test('an answer whose outcome a crash kept from being noted is found by its attempt', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const outcome = (await journalFiles(dir)).find(file => file.endsWith('.outcome.json'))
  await rm(join(dir, 'local', 'journal', outcome ?? expect.unreachable()))
  const { originals } = await makeOriginals(dir, api.url, KEYLESS)
  expect(await originals.recheckQuarantine()).toMatchObject({
    answers: [{ verdict: 'recovered' }],
    unknown: [{ problem: expect.stringContaining('It has too many pixels.') }],
  })
  expect(await originals.status(order.key)).toMatchObject({ state: 'ready' })
  await originals.close()
})

test('files of no attempt on record are told with their notes, and stay', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  await rm(join(dir, 'local', 'journal'), { recursive: true })
  const before = await quarantine(dir)
  const { originals } = await makeOriginals(dir, api.url, KEYLESS)
  const { answers, unknown } = await originals.recheckQuarantine()
  expect(answers).toEqual([])
  expect(unknown).toHaveLength(2)
  expect(unknown[0]?.problem).toContain('It has too many pixels.')
  expect(await quarantine(dir)).toEqual(before)
  await originals.close()
})

test('an answer that is gone from quarantine is told', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  for (const file of await quarantine(dir)) await rm(file)
  const { originals } = await makeOriginals(dir, api.url, KEYLESS)
  expect(await originals.recheckQuarantine()).toMatchObject({
    answers: [
      {
        verdict: 'unusable',
        problem: expect.stringContaining('The answer is no longer in quarantine.'),
        files: [],
      },
    ],
  })
  await originals.close()
})

test('a key that another process is busy with is left to it', async () => {
  const dir = await temporaryFolder()
  await leaveUnusable(dir)
  const { originals } = await makeOriginals(dir, api.url, {
    ...KEYLESS,
    leases: {
      async acquire(_key, { onWait, arrived }) {
        onWait?.('process 1 on another host')
        return (await arrived()) ? undefined : expect.unreachable()
      },
    },
  })
  expect(await originals.recheckQuarantine()).toMatchObject({ answers: [{ verdict: 'busy' }] })
  expect(await quarantine(dir)).not.toEqual([])
  await originals.close()
})
