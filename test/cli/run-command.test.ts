import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { runCommand } from '../../src/cli/run-command.ts'

it('waits for a clean end on the first interruption only', async () => {
  const exits: number[] = []
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
      now: () => 0,
    },
    () => new Promise(() => undefined),
    [],
    {},
  )
  interrupt('SIGINT')
  expect(exits).toEqual([])
  interrupt('SIGINT')
  expect(exits).toEqual([130])
  expect(await running).toBe(130)
})
