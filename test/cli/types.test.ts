import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { writeFiles } from '../support/folder.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject, SITE } from './sample-project.ts'

const TYPES = '.imagegen/types/src/site.image.d.yaml.ts'
const REPOSITORY = path.resolve(import.meta.dirname, '../..')

let server: ApiServer
beforeAll(async () => {
  server = await createApiServer({ scale: 1 / 16 })
})
afterAll(() => server.close())

const run = (cwd: string, ...args: string[]) =>
  runMain(args, cwd, { LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url })

/** A formatter with another taste than ours in everything. */
async function format(cwd: string): Promise<void> {
  await writeFiles(cwd, {
    'biome.json': JSON.stringify({
      formatter: { indentStyle: 'tab', lineWidth: 60 },
      javascript: { formatter: { semicolons: 'always', quoteStyle: 'double' } },
    }),
  })
  const bin = path.join(REPOSITORY, 'node_modules/@biomejs/biome/bin/biome')
  await promisify(execFile)(process.execPath, [bin, 'format', '--write', TYPES], { cwd })
}

it('writes types with what was generated, so that check has nothing to say', async () => {
  const cwd = await createSampleProject()
  expect(await run(cwd, 'generate')).toMatchObject({ code: 0 })
  expect(await readFile(path.join(cwd, TYPES), 'utf8')).toContain('readonly width: 64')
  expect(await run(cwd, 'check')).toMatchObject({ code: 0 })
})

it('knows its types again after a formatter, and leaves them as the formatter likes them', async () => {
  const cwd = await createSampleProject()
  await run(cwd, 'generate')
  const written = await readFile(path.join(cwd, TYPES), 'utf8')
  await format(cwd)
  const formatted = await readFile(path.join(cwd, TYPES), 'utf8')
  expect(formatted).not.toBe(written)
  expect(await run(cwd, 'check')).toMatchObject({ code: 0 })
  await run(cwd, 'sync')
  expect(await readFile(path.join(cwd, TYPES), 'utf8')).toBe(formatted)
})

it('sees after a formatter, too, that types are out of date', async () => {
  const cwd = await createSampleProject()
  await run(cwd, 'generate')
  await format(cwd)
  await writeFiles(cwd, { 'src/site.image.yaml': SITE.replace('alt: Lighthouse', 'alt: Tower') })
  const { code, stdout } = await run(cwd, 'check')
  expect(code).toBe(1)
  expect(stdout).toContain(`The types in ${TYPES} are missing or out of date.`)
})

it('keeps what was generated when types cannot be written, and warns', async () => {
  const cwd = await createSampleProject()
  await writeFiles(cwd, { '.imagegen/types': 'a file where a folder is needed' })
  const { code, stderr } = await run(cwd, 'generate')
  expect(code).toBe(0)
  expect(stderr).toMatch(/The types could not be written: .*`types`/)
  expect(await run(cwd, 'plan', '--json')).toMatchObject({
    stdout: expect.stringContaining('"requests": 0'),
  })
})
