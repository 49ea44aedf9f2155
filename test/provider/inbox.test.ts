import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createInbox } from '../../src/provider/connection/inbox.ts'

function recording() {
  const calls: string[] = []
  const inbox = createInbox(
    () => calls.push('room'),
    () => calls.push('abandoned'),
  )
  return { calls, inbox }
}

test('everything that came is read before an error is told', async () => {
  const { inbox } = recording()
  inbox.put(Buffer.from('whole '))
  inbox.put(Buffer.from('picture'))
  inbox.end(new Error('reset'))
  const read: string[] = []
  const reading = (async () => {
    for await (const chunk of inbox) {
      // A reader that is slower than the connection breaks.
      await turn()
      read.push(Buffer.from(chunk).toString())
    }
  })()
  await expect(reading).rejects.toThrow('reset')
  expect(read.join('')).toBe('whole picture')
})

test('the sender is asked to wait while too much is unread, and told when there is room', async () => {
  const { calls, inbox } = recording()
  expect(inbox.put(Buffer.alloc(200_000))).toBe(true)
  expect(inbox.put(Buffer.alloc(200_000))).toBe(false)
  const reader = inbox[Symbol.asyncIterator]()
  await reader.next()
  expect(calls).toEqual(['room'])
})

test('leaving before the end gives the rest up, leaving after it does not', async () => {
  const early = recording()
  early.inbox.put(Buffer.from('a'))
  for await (const _ of early.inbox) break
  expect(early.calls).toContain('abandoned')

  const late = recording()
  late.inbox.put(Buffer.from('a'))
  late.inbox.end()
  for await (const _ of late.inbox);
  expect(late.calls).not.toContain('abandoned')
})
