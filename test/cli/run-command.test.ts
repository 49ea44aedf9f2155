import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'

it('waits for a clean end on the first interruption, and takes signals within 500 ms as one', async () => {
  const exits: number[] = []
  let now = 0
  let interrupt: (signal: 'SIGINT' | 'SIGTERM') => void = () => undefined
  const running = runCommand(
    {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      cwd: '.',
      readVariable: () => undefined,
      onInterrupt(listener) {
        interrupt = listener
        return () => undefined
      },
      exit: code => exits.push(code),
      now: () => now,
    },
    () => new Promise(() => undefined),
    [],
    {},
  )
  interrupt('SIGINT')
  now = 499
  interrupt('SIGINT')
  interrupt('SIGTERM')
  expect(exits).toEqual([])
  now = 500
  interrupt('SIGINT')
  expect(exits).toEqual([130])
  expect(await running).toBe(130)
})
