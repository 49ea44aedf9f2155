import { expect, test } from 'vitest'
import { createPacer, type Permit } from '../../src/originals/acquisition/pacing/pacer.ts'
import { createTestClock } from '../support/clock.ts'

/** Lets every promise that can go on do so. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

function createQueue(concurrency: number) {
  const { clock, pass } = createTestClock()
  const pacer = createPacer(concurrency, clock)
  const admitted: { name: string; slot: Permit }[] = []
  return {
    pacer,
    pass,
    admitted,
    names: () => admitted.map(({ name }) => name).join(''),
    async queue(names: string): Promise<void> {
      for (const name of names) void pacer.enter().then(slot => admitted.push({ name, slot }))
      await settle()
    },
  }
}

test('admits so many at once, in order of arrival', async () => {
  const { queue, names, admitted } = createQueue(2)
  await queue('abcd')
  expect(names()).toBe('ab')
  admitted[1]?.slot.release()
  admitted[1]?.slot.release()
  await settle()
  expect(names()).toBe('abc')
})

test('holds everybody back while the server asks for it, then lets them in one by one', async () => {
  const { pacer, pass, queue, names, admitted } = createQueue(4)
  await queue('ab')
  pacer.slowDown(1_000)
  for (const { slot } of admitted) slot.release()
  await queue('cdefgh')
  await pass(999)
  expect(names()).toBe('ab')
  await pass(1)
  expect(names()).toBe('abc')
  pacer.speedUp()
  admitted[2]?.slot.release()
  await settle()
  expect(names()).toBe('abcde')
})

test('an answer to what was sent before the pause does not end it', async () => {
  const { pacer, pass, queue, names } = createQueue(4)
  pacer.slowDown(1_000)
  await queue('abc')
  pacer.speedUp()
  await pass(500)
  pacer.slowDown(1_000)
  await pass(999)
  expect(names()).toBe('')
  await pass(1)
  expect(names()).toBe('a')
})

test('who is sent away while waiting takes no slot', async () => {
  const { pacer, queue, names, admitted } = createQueue(1)
  await queue('a')
  const controller = new AbortController()
  const waiting = pacer.enter(controller.signal)
  await queue('b')
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  admitted[0]?.slot.release()
  await settle()
  expect(names()).toBe('ab')
})

test('who enters again keeps the slot until then, and comes before all who came later', async () => {
  const { pass, queue, names, admitted } = createQueue(1)
  await queue('abc')
  void admitted[0]?.slot.again(500).then(slot => admitted.push({ name: 'A', slot }))
  await pass(499)
  expect(names()).toBe('a')
  await pass(1)
  expect(names()).toBe('aA')
  admitted[1]?.slot.release()
  await settle()
  expect(names()).toBe('aAb')
})

test('who gave the slot up and enters again still comes before all who came later', async () => {
  const { pacer, pass, queue, names, admitted } = createQueue(2)
  await queue('abcd')
  pacer.slowDown(1_000)
  for (const { name, slot } of [...admitted]) {
    slot.release()
    void slot.again(0).then(again => admitted.push({ name: name.toUpperCase(), slot: again }))
  }
  await pass(1_000)
  expect(names()).toBe('abA')
  for (const next of ['abAB', 'abABc', 'abABcd']) {
    admitted.at(-1)?.slot.release()
    await settle()
    expect(names()).toBe(next)
  }
})

test('of those who wait, lower numbers come first', async () => {
  const { pacer, queue, names, admitted } = createQueue(1)
  await queue('a')
  for (const number of [3, 1, 2]) {
    void pacer.enter(undefined, number).then(slot => admitted.push({ name: `${number}`, slot }))
  }
  for (const next of ['a1', 'a12', 'a123']) {
    admitted.at(-1)?.slot.release()
    await settle()
    expect(names()).toBe(next)
  }
})

test('who is sent away while it waits to enter again gives its slot up', async () => {
  const { queue, names, admitted } = createQueue(1)
  await queue('ab')
  const controller = new AbortController()
  const again = admitted[0]?.slot.again(0, controller.signal)
  expect(again).toBeDefined()
  controller.abort(new Error('enough'))
  await again?.then(
    slot => slot.release(),
    () => undefined,
  )
  await settle()
  expect(names()).toBe('ab')
})
