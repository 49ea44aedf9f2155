import { spawnSync } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { StoreError } from '../../src/errors/store-error.ts'
import { createDiskObjects } from '../../src/originals/objects/disk-objects.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import type { Key } from '../../src/plan/image-request.ts'
import { filesBelow, makeFolder, removeFolder, temporaryFolder } from '../support/folder.ts'
import {
  bundleChild,
  type ChildOutcome,
  canInjectFaults,
  runWithFaults,
} from '../support/run-child.ts'
import { commitSample, sampleEntry } from './sample-original.ts'

const prompt = 'hero'
const bytes = 'the picture of the child'
const { key } = sampleEntry(prompt, bytes)

let child = ''
beforeAll(async () => {
  const folder = await makeFolder()
  child = await bundleChild('originals/children/commit-once.ts', folder)
  return () => removeFolder(folder)
})

/** What must hold after any crash: nothing half is visible, and the next run gets its original. */
async function assertRepairable(dir: string, { output }: ChildOutcome): Promise<void> {
  const warnings: string[] = []
  const store = createOriginalStore({ dir, onWarning: message => warnings.push(message) })
  const look = await store.status(key)
  expect(look.state).toMatch(output === 'committed' ? /ready/ : /ready|missing/)
  if (look.state === 'ready') {
    await store.verify(look.original)
    expect(await readFile(look.original.path, 'utf8')).toBe(bytes)
  }
  const { original, first } = await commitSample(store, prompt, 'another picture', {
    requestId: 'the next run',
  })
  expect(first).toBe(look.state === 'missing')
  await store.verify(original)
  await createDiskObjects(dir).sweep(-1_000)
  const left = (await filesBelow(dir)).filter(name => /tmp/.test(name))
  expect(left).toEqual([])
  expect(warnings).toEqual([])
}

/**
 * Runs a commit once for each time that it makes a system call, with the fault there; two at a
 * time. Returns how many there were.
 */
async function atEvery(
  fault: (when: number) => string[],
  struck: (outcome: ChildOutcome) => boolean,
): Promise<number> {
  const run = async (when: number) => {
    const dir = join(await temporaryFolder(), 'cache')
    const outcome = await runWithFaults(fault(when), child, dir, prompt, bytes)
    await assertRepairable(dir, outcome)
    return struck(outcome)
  }
  for (let when = 1; ; when += 2) {
    const [first, second] = await Promise.all([run(when), run(when + 1)])
    if (!first) return when - 1
    if (!second) return when
  }
}

const killed = ({ signal }: ChildOutcome) => signal === 'SIGKILL'

describe.skipIf(!canInjectFaults)('a commit under strace', () => {
  test.each([
    ['mkdir', 5],
    ['fsync', 10],
    ['link', 4],
    ['unlink', 3],
  ])('SIGKILL at every %s leaves what the next run repairs', async (call, atLeast) => {
    const count = await atEvery(when => [`${call}:signal=KILL:when=${when}`], killed)
    expect(count).toBeGreaterThanOrEqual(atLeast)
  })

  test.each([
    ['mkdir', 9],
    ['fsync', 14],
    ['rename', 4],
  ])('SIGKILL at every %s where links are refused', async (call, atLeast) => {
    const count = await atEvery(
      when => ['link:error=EPERM', `${call}:signal=KILL:when=${when}`],
      killed,
    )
    expect(count).toBeGreaterThanOrEqual(atLeast)
  })

  test.each(['EPERM', 'EXDEV', 'EOPNOTSUPP', 'EMLINK'])('link refused with %s', async error => {
    const dir = await temporaryFolder()
    const first = await runWithFaults([`link:error=${error}`], child, dir, prompt, bytes)
    expect(first.output).toBe('committed')
    const second = await runWithFaults([`link:error=${error}`], child, dir, prompt, 'x')
    expect(second.output).toBe('adopted')
    await assertRepairable(dir, first)
  })

  test('a fault of the disk at every fsync is an error that names it, and loses nothing', async () => {
    const told: string[] = []
    const count = await atEvery(
      when => [`fsync:error=EIO:when=${when}`],
      ({ code, output }) => {
        if (code === 3) told.push(output)
        return code === 3
      },
    )
    expect(told).toHaveLength(count)
    expect(count).toBeGreaterThanOrEqual(10)
    for (const message of told) {
      expect(message).toMatch(/input\/output error|EIO/)
    }
  })
})

test('a full disk is an error that says so, and costs nothing that was there', async context => {
  const dir = await temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', dir])
  context.skip(mounted.status !== 0, 'Only root can mount a small disk.')
  onTestFinished(() => {
    spawnSync('umount', [dir])
  })
  const filler = join(dir, 'filler')
  await writeFile(filler, Buffer.alloc(100_000))
  const store = createOriginalStore({ dir: join(dir, 'cache') })
  const kept: Key[] = []
  const fill = async () => {
    for (let index = 0; index < 20; index += 1) {
      const picture = `${index}`.padEnd(50_000, '.')
      await commitSample(store, `picture ${index}`, picture)
      kept.push(sampleEntry(`picture ${index}`, picture).key)
    }
  }
  await expect(fill()).rejects.toThrowError(/ENOSPC|the disk is full/)
  expect(kept.length).toBeGreaterThan(2)
  const entries = createDiskObjects(join(dir, 'cache'), { temporary: join(dir, 'cache/local/tmp') })
  await expect(
    entries.putIfAbsent('entries/00/large.json', { bytes: Buffer.alloc(400_000) }),
  ).rejects.toThrowError(
    new StoreError(
      `${entries.path('entries/00/large.json')} can't be written: the disk is full. Free some space and run again.`,
    ),
  )
  for (const one of kept) {
    const look = await store.status(one)
    if (look.state !== 'ready') throw new Error(look.state)
    await store.verify(look.original)
  }
  await rm(filler)
  expect((await commitSample(store, 'one more', 'small')).first).toBe(true)
})
