import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { createSampleProject } from './sample-project.ts'

let bin: Bin
let server: Server
let connections = 0

beforeAll(async () => {
  bin = await prepareBin()
  // Counts connections before a byte of them is read: a request is not needed to be seen.
  server = createServer(socket => {
    connections++
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await bin.remove()
  await new Promise(resolve => server.close(resolve))
})

const environment = (mode: string) => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    IMAGEGEN_MODE: mode,
    LLMEASY_API_KEY: 'test-key',
    LLMEASY_BASE_URL: `http://127.0.0.1:${port}/v1`,
  }
}

it.each([
  ['generate', 'frozen', 1],
  ['generate', 'draft', 0],
  ['plan', 'generate', 0],
  ['check', 'generate', 1],
  ['sync', 'generate', 0],
  ['prune', 'generate', 0],
] as const)('imagegen %s in mode %s opens no connection', async (command, mode, expected) => {
  const cwd = await createSampleProject()
  const { code } = await bin.run([command], { cwd, env: environment(mode) })
  expect(code).toBe(expected)
  expect(connections).toBe(0)
})

it('would see one', async () => {
  const cwd = await createSampleProject({
    'imagegen.config.json': '{ "provider": { "retry": { "delays": [] } } }',
  })
  const { code } = await bin.run(['generate'], { cwd, env: environment('generate') })
  expect(code).toBe(1)
  expect(connections).toBeGreaterThan(0)
})
