import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { createLocalLeases } from '../../src/originals/leases/local-leases.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import { temporaryFolder } from '../support/folder.ts'
import { bundleChild, ended, spawnChild } from '../support/run-child.ts'
import { commitSample, sampleEntry } from './sample-original.ts'

test('a holder that was stopped and resumes after a takeover learns of it and can not overwrite', async () => {
  const folder = await temporaryFolder()
  const dir = join(folder, 'cache')
  const child = spawnChild(
    await bundleChild('originals/children/hold-lease.ts', folder),
    dir,
    'hero',
    'of the child',
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => (await lines.next()).value
  expect(await line()).toBe('held')
  child.kill('SIGSTOP')

  const leases = createLocalLeases(dir, { ttl: 1_500, heartbeat: 150 })
  const { key } = sampleEntry('hero', '')
  const waited: string[] = []
  const lease = await leases.acquire(key, {
    arrived: async () => false,
    onWait: holder => waited.push(holder),
  })
  expect(lease?.inheritedRequestId).toBe('request-of-the-child')
  expect(waited).toEqual([expect.stringContaining(`process ${child.pid} on `)])
  const store = createOriginalStore({ dir })
  const { original } = await commitSample(store, 'hero', 'of the heir')

  child.kill('SIGCONT')
  expect(await line()).toBe('lost')
  child.stdin?.end('commit all the same\n')
  expect(await line()).toBe('adopted')
  expect(await store.status(key)).toEqual({ state: 'ready', original, where: 'local' })
  expect(await readFile(original.path, 'utf8')).toBe('of the heir')
  expect(lease?.lost.aborted).toBe(false)
  await lease?.release()
})

test('a holder that was stopped while another committed the key and cleared its leases learns of it, and leaves none', async () => {
  const folder = await temporaryFolder()
  const dir = join(folder, 'cache')
  const child = spawnChild(
    await bundleChild('originals/children/hold-lease.ts', folder),
    dir,
    'hero',
    'of the child',
  )
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  if (!child.stdout) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const line = async () => (await lines.next()).value
  expect(await line()).toBe('held')
  child.kill('SIGSTOP')

  const leases = createLocalLeases(dir, { ttl: 1_500, heartbeat: 150 })
  const { key } = sampleEntry('hero', '')
  const lease = await leases.acquire(key, { arrived: async () => false })
  await commitSample(createOriginalStore({ dir }), 'hero', 'of the successor')
  await lease?.release({ committed: true })
  const left = () => readdir(join(dir, 'local', 'leases'))
  expect(await left()).toEqual([])

  child.kill('SIGCONT')
  expect(await line()).toBe('lost')
  await expect.poll(left, { timeout: 10_000 }).toEqual([])
})

test('six processes on the same images, holders killed: one original each, one purchase more a kill at most', async () => {
  const folder = await temporaryFolder()
  const [dir, log] = [join(folder, 'cache'), join(folder, 'log')]
  const prompts = Array.from({ length: 10 }, (_, index) => `image-${index}`)
  const script = await bundleChild('originals/children/request-all.ts', folder)
  const start = () => spawnChild(script, dir, log, prompts.join(','))
  const purchases = async () => {
    const text = await readFile(log, 'utf8').catch(() => '')
    return text.split('\n').filter(line => line.startsWith('bought '))
  }
  const children = Array.from({ length: 6 }, start)
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL')
  })
  const ends = children.map(ended)

  const kills = 3
  for (let kill = 0; kill < kills; kill += 1) {
    const before = (await purchases()).length
    await expect
      .poll(async () => (await purchases()).length, { timeout: 60_000, interval: 10 })
      .toBeGreaterThan(before)
    const buyer = Number((await purchases()).at(-1)?.split(' ')[2])
    children.find(child => child.pid === buyer)?.kill('SIGKILL')
    const heir = start()
    children.push(heir)
    ends.push(ended(heir))
  }

  const outcomes = await Promise.all(ends)
  const finished = outcomes.filter(({ output }) => output === 'done')
  expect(finished).toHaveLength(outcomes.filter(({ signal }) => signal === null).length)
  expect((await purchases()).length).toBeLessThanOrEqual(prompts.length + kills)
  const text = await readFile(log, 'utf8')
  const store = createOriginalStore({ dir })
  for (const prompt of prompts) {
    const winners = text.split('\n').filter(line => line.startsWith(`first ${prompt} `))
    expect(winners.length, prompt).toBeLessThanOrEqual(1)
    const look = await store.status(sampleEntry(prompt, '').key)
    if (look.state !== 'ready') throw new Error(`${prompt} is ${look.state}`)
    await store.verify(look.original)
  }
})
