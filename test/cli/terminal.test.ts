import { access } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { type Bin, hasTerminal, prepareBin } from '../support/run-bin.ts'
import { createSampleProject } from './sample-project.ts'

let bin: Bin
let server: ApiServer

beforeAll(async () => {
  bin = await prepareBin()
  server = await createApiServer({ scale: 1 / 16, delay: 300 })
})
afterAll(async () => {
  await server.close()
  await bin.remove()
})

const env = () => ({ LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url })
const COLOR = '\u001b[3'
const ERASE = '\u001b[2K'

describe.skipIf(!hasTerminal)('in a terminal (needs `script` of util-linux)', () => {
  it('shows live which image is running and how many are done, and closes with the table', async () => {
    const cwd = await createSampleProject()
    const { code, stdout } = await bin.runInTerminal(['generate'], { cwd, env: env() })
    expect(code).toBe(0)
    expect(stdout).toContain(ERASE)
    expect(stdout).toContain(COLOR)
    const text = stripVTControlCharacters(stdout)
    expect(text).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] src\/site\.image\.yaml#hero {2}generating · \d s/)
    expect(text).toContain('0 of 2 images done, 1 waiting')
    expect(text).toContain('1 of 2 images done')
    expect(text).toMatch(/2 images: 2 generated with 2 requests, 0 failed\.\s*$/)
    expect(text).not.toMatch(/lighthouse|test-key/i)
  })

  it('has no colour with NO_COLOR, and plain lines in CI', async () => {
    const cwd = await createSampleProject()
    const plain = await bin.runInTerminal(['plan'], { cwd, env: { NO_COLOR: '1' } })
    expect(plain.stdout).not.toContain(COLOR)
    expect((await bin.runInTerminal(['plan'], { cwd })).stdout).toContain(COLOR)
    const ci = await bin.runInTerminal(['generate'], { cwd, env: { ...env(), CI: 'true' } })
    expect(ci.stdout).not.toContain(ERASE)
    expect(ci.stdout).toContain('[1/2]')
  })

  it.each([
    ['y\n', true],
    ['\n', false],
  ])('asks before init changes anything: %j', async (input, expected) => {
    const cwd = await createSampleProject()
    const { code, stdout } = await bin.runInTerminal(['init'], { cwd, input })
    expect(code).toBe(0)
    expect(stdout).toContain('Make these changes? [y/N]')
    const made = await access(path.join(cwd, '.gitattributes')).then(
      () => true,
      () => false,
    )
    expect(made).toBe(expected)
  })
})

it('has colour without a terminal only when it is forced', async () => {
  const cwd = await createSampleProject()
  expect((await bin.run(['plan'], { cwd })).stdout).not.toContain(COLOR)
  expect((await bin.run(['plan'], { cwd, env: { FORCE_COLOR: '1' } })).stdout).toContain(COLOR)
})
