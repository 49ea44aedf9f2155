import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createAnswerQueue } from '../../src/originals/acquisition/pacing/answer-queue.ts'

async function* chunksOf(count: number): AsyncGenerator<Uint8Array> {
  for (let number = 0; number < count; number++) yield Uint8Array.of(number)
}

/** Reads as a disk would be written: each chunk takes a turn of the event loop. */
async function read(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  for await (const chunk of chunks) {
    onChunk(chunk)
    await turn()
  }
}

test('of answers that come at once, the first are read to their end first', async () => {
  const line = createAnswerQueue()
  const order: number[] = []
  await Promise.all(
    [0, 1, 2, 3].map(answer => read(line.join(chunksOf(5)), () => order.push(answer))),
  )
  expect(order).toHaveLength(20)
  expect(order).toEqual([0, 1, 2, 3].flatMap(answer => Array(5).fill(answer)))
})

test('every answer comes whole and in order', async () => {
  const line = createAnswerQueue()
  const answers = await Promise.all(
    [7, 1, 30].map(async count => {
      const chunks: number[] = []
      await read(line.join(chunksOf(count)), ([number = -1]) => chunks.push(number))
      return chunks
    }),
  )
  expect(answers).toEqual([7, 1, 30].map(count => [...Array(count).keys()]))
})

test('an answer that is still under way holds nobody up', async () => {
  const line = createAnswerQueue()
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(0)
    await new Promise(() => undefined)
  }
  let seen = 0
  void read(line.join(endless()), () => seen++)
  void read(line.join(endless()), () => seen++)
  await read(line.join(chunksOf(5)), () => undefined)
  expect(seen).toBe(2)
})

test('a reader that leaves or fails makes room for the next', async () => {
  const line = createAnswerQueue()
  for (const _ of [1, 2, 3]) for await (const _chunk of line.join(chunksOf(5))) break
  const failing = async () => {
    for await (const _chunk of line.join(chunksOf(5))) throw new Error('full')
  }
  for (const _ of [1, 2, 3]) await expect(failing()).rejects.toThrow('full')
  let seen = 0
  await read(line.join(chunksOf(5)), () => seen++)
  expect(seen).toBe(5)
})
