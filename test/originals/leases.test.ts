import { expect, onTestFinished, test } from 'vitest'
import type { LeaseRecord } from '../../src/originals/leases/lease-generations.ts'
import { createLeases, type Lease, type LeasesOptions } from '../../src/originals/leases/leases.ts'
import type { ObjectStore } from '../../src/originals/objects/object-store.ts'
import type { Key } from '../../src/plan/image-request.ts'
import type { Clock } from '../../src/system/clock.ts'
import { sha256 } from '../../src/system/digest.ts'
import { createRunningClock } from '../support/clock.ts'
import { createMemoryObjects } from './memory-objects.ts'

const key = sha256('a request') as Key
const never = async () => false

/** A clock that stands still for its user's background work: a process that was stopped. */
const stopped: Clock['sleep'] = (_, signal) =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

function openLeases() {
  const objects = createMemoryObjects()
  const { clock, jump } = createRunningClock()
  const open = (options: Partial<LeasesOptions> = {}) =>
    createLeases({ objects, clock, sleepInBackground: clock.sleep, ...options })
  return { objects, clock, jump, open }
}

async function won(lease: Promise<Lease | undefined>): Promise<Lease> {
  const held = await lease
  if (!held) throw new Error('The lease was not won.')
  onTestFinished(() => held.release())
  return held
}

async function numbers(objects: ObjectStore): Promise<number[]> {
  const found: number[] = []
  for await (const { name } of objects.list(`leases/${key}/`)) {
    found.push(Number(name.slice(-13, -5)))
  }
  return found.sort((a, b) => a - b)
}

test('a free key is given at once, and after a release the next one need not wait', async () => {
  const { open, clock } = openLeases()
  const first = await won(open().acquire(key, { arrived: never }))
  expect(first.inheritedRequestId).toBeUndefined()
  await first.note('request-1')
  await first.release()
  const before = clock.now()
  const second = await won(open().acquire(key, { arrived: never }))
  expect(clock.now()).toBe(before)
  expect(second.inheritedRequestId).toBe('request-1')
})

test('a waiter waits while the holder gives signs of life, and is told whom for', async () => {
  const { open, clock, objects } = openLeases()
  const holder = await won(open({ holder: 'process 1 on a' }).acquire(key, { arrived: never }))
  const waited: string[] = []
  let lease: Lease | undefined
  const waiting = open()
    .acquire(key, { arrived: never, onWait: who => waited.push(who) })
    .then(acquired => {
      lease = acquired
    })
  await expect.poll(() => clock.now(), { timeout: 20_000 }).toBeGreaterThan(40_000)
  expect(lease).toBeUndefined()
  expect(waited).toEqual(['process 1 on a'])
  expect(holder.lost.aborted).toBe(false)
  // Signs of life do not pile up.
  expect((await numbers(objects)).length).toBeLessThanOrEqual(3)
  await holder.release()
  await waiting
  await lease?.release()
})

test('the holder of a key that arrives ends the wait', async () => {
  const { open } = openLeases()
  await won(open().acquire(key, { arrived: never }))
  let asked = 0
  const outcome = await open().acquire(key, { arrived: async () => ++asked === 3 })
  expect(outcome).toBeUndefined()
})

test('what arrived between the last look and the winning is not bought', async () => {
  const { open } = openLeases()
  expect(await open().acquire(key, { arrived: async () => true })).toBeUndefined()
  await won(open().acquire(key, { arrived: never }))
})

test('a wait can be aborted', async () => {
  const { open } = openLeases()
  await won(open().acquire(key, { arrived: never }))
  const reason = new Error('Ctrl-C')
  const waiting = open().acquire(key, { arrived: never, signal: AbortSignal.abort(reason) })
  await expect(waiting).rejects.toBe(reason)
})

test('a dead holder is taken over under its request ID, and learns of it when it was not dead', async () => {
  const { open, clock } = openLeases()
  const dead = await won(open({ sleepInBackground: stopped }).acquire(key, { arrived: never }))
  await dead.note('request-1')
  const before = clock.now()
  const heir = await won(open().acquire(key, { arrived: never }))
  expect(clock.now() - before).toBeGreaterThanOrEqual(12_000)
  expect(heir.inheritedRequestId).toBe('request-1')
  await expect(dead.note('request-1')).rejects.toMatchObject({ code: 'LEASE_LOST' })
  expect(dead.lost.aborted).toBe(true)
  expect(heir.lost.aborted).toBe(false)
})

test('one that comes back after its number was cleaned up sees that it lost', async () => {
  const { open, clock, objects } = openLeases()
  const dead = await won(open({ sleepInBackground: stopped }).acquire(key, { arrived: never }))
  const heir = await won(open().acquire(key, { arrived: never }))
  await expect.poll(async () => (await numbers(objects))[0], { timeout: 20_000 }).toBeGreaterThan(3)
  await expect(dead.note('request-1')).rejects.toMatchObject({ code: 'LEASE_LOST' })
  await dead.release()
  const since = clock.now()
  await expect.poll(() => clock.now(), { timeout: 20_000 }).toBeGreaterThan(since + 5_000)
  expect(heir.lost.aborted).toBe(false)
})

test('of many who want the key of a dead holder one gets it', async () => {
  const { open, clock } = openLeases()
  await won(open({ sleepInBackground: stopped }).acquire(key, { arrived: never }))
  const abort = new AbortController()
  let winners = 0
  const waiting = Array.from({ length: 6 }, () =>
    open()
      .acquire(key, { arrived: never, signal: abort.signal })
      .then(async lease => {
        winners += 1
        await clock.sleep(60_000)
        abort.abort()
        await lease?.release()
      }),
  )
  await Promise.allSettled(waiting)
  expect(winners).toBe(1)
})

test('machines whose calendars differ by years agree, since nobody reads them', async () => {
  const { objects, open } = openLeases()
  const future = createRunningClock('2046-01-01T00:00:00Z').clock
  const ahead = createLeases({ objects, clock: future, sleepInBackground: future.sleep })
  const holder = await won(ahead.acquire(key, { arrived: never }))
  let asked = 0
  expect(await open().acquire(key, { arrived: async () => ++asked === 60 })).toBeUndefined()
  expect(holder.lost.aborted).toBe(false)
})

test('a waiter that was suspended together with the holder does not take over at once', async () => {
  const { open, clock, jump } = openLeases()
  const holder = await won(open().acquire(key, { arrived: never }))
  let slept = 0
  const suspended: Clock = {
    ...clock,
    async sleep(delay, signal) {
      await clock.sleep(delay, signal)
      if (++slept === 5) jump(3_600_000)
    },
  }
  const waiting = open({ clock: suspended }).acquire(key, { arrived: async () => slept === 30 })
  expect(await waiting).toBeUndefined()
  expect(holder.lost.aborted).toBe(false)
})

/** A store of leases whose records are cleared, and a way to act just before somebody's next write. */
function openCleared() {
  const { objects, clock, open } = openLeases()
  const removeFolder = async () => undefined
  let act: (() => Promise<void>) | undefined
  const late = open({
    removeFolder,
    sleepInBackground: stopped,
    objects: {
      ...objects,
      async putIfAbsent(name, source) {
        const now = act
        act = undefined
        await now?.()
        return objects.putIfAbsent(name, source)
      },
    },
  })
  return {
    objects,
    clock,
    late,
    others: open({ removeFolder }),
    beforeNextWrite(work: () => Promise<void>) {
      act = work
    },
  }
}

test('the records of a key that has its original are cleared', async () => {
  const { others, objects } = openCleared()
  const holder = await won(others.acquire(key, { arrived: never }))
  await holder.note('request-1')
  await holder.release({ committed: true })
  expect(await numbers(objects)).toEqual([])
  expect(await others.acquire(key, { arrived: async () => true })).toBeUndefined()
  expect(await numbers(objects)).toEqual([])
})

test('one that was suspended before it claims, while others clear the key, begins anew', async () => {
  const { others, late, objects, beforeNextWrite } = openCleared()
  await (await won(others.acquire(key, { arrived: never }))).release()
  let cleared = false
  beforeNextWrite(async () => {
    await (await won(others.acquire(key, { arrived: never }))).release({ committed: true })
    cleared = true
  })
  expect(await late.acquire(key, { arrived: async () => cleared })).toBeUndefined()
  expect(await numbers(objects)).toEqual([])
})

test('one that was suspended before a sign of life, while others clear the key, has lost', async () => {
  const { others, late, objects, beforeNextWrite } = openCleared()
  const dead = await won(late.acquire(key, { arrived: never }))
  beforeNextWrite(async () => {
    await (await won(others.acquire(key, { arrived: never }))).release({ committed: true })
  })
  await expect(dead.note('request-1')).rejects.toMatchObject({ code: 'LEASE_LOST' })
  expect(await numbers(objects)).toEqual([])
})

test('one that comes back after the key was cleared and taken anew has lost, and disturbs nobody', async () => {
  const { others, late, clock } = openCleared()
  const dead = await won(late.acquire(key, { arrived: never }))
  await (await won(others.acquire(key, { arrived: never }))).release({ committed: true })
  const successor = await won(others.acquire(key, { arrived: never }))
  await expect(dead.note('request-1')).rejects.toMatchObject({ code: 'LEASE_LOST' })
  const since = clock.now()
  await expect.poll(() => clock.now(), { timeout: 20_000 }).toBeGreaterThan(since + 5_000)
  expect(successor.lost.aborted).toBe(false)
})

test('a foreign file in the place of a record is taken over like a dead holder', async () => {
  const { open, objects } = openLeases()
  await objects.putIfAbsent(`leases/${key}/00000007.json`, { bytes: Buffer.from('garbage') })
  const lease = await won(open().acquire(key, { arrived: never }))
  expect(lease.inheritedRequestId).toBeUndefined()
  expect((await numbers(objects)).at(-1)).toBe(8)
})

test('a holder that can not write signs of life gives up before others may take over', async () => {
  const { objects, clock, open } = openLeases()
  let full = false
  const holder = await won(
    open({
      objects: {
        ...objects,
        putIfAbsent: async (name, source) => {
          if (full) throw new Error('the disk is full')
          return objects.putIfAbsent(name, source)
        },
      },
    }).acquire(key, { arrived: never }),
  )
  full = true
  const since = clock.now()
  await expect.poll(() => holder.lost.aborted, { timeout: 20_000 }).toBe(true)
  expect(clock.now() - since).toBeLessThanOrEqual(14_000)
  expect(holder.lost.reason).toMatchObject({ code: 'LEASE_LOST' })
})

test('records say who holds the key, for people', async () => {
  const { open, objects } = openLeases()
  await won(open().acquire(key, { arrived: never }))
  const object = await objects.get(`leases/${key}/00000001.json`)
  const pieces: Uint8Array[] = []
  for await (const piece of object?.stream() ?? []) pieces.push(piece)
  const record = JSON.parse(Buffer.concat(pieces).toString()) as LeaseRecord
  expect(record.holder).toMatch(new RegExp(`^process ${process.pid} on `))
})
