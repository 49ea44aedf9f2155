import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject, SITE } from './sample-project.ts'

let server: ApiServer

beforeAll(async () => {
  server = await createApiServer({ scale: 1 / 16, vary: true })
})
afterAll(() => server.close())

const CONFIG = JSON.stringify({
  budget: { currency: 'EUR', prices: { '1024x1024': 0.04 } },
  provider: { retry: { delays: [1] } },
})

function run(cwd: string, ...args: string[]) {
  return runMain(args, cwd, { LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url })
}

test('adds up what was requested, by manifest, model and month', async () => {
  const files = { 'imagegen.config.json': CONFIG, 'docs/logo.image.yaml': 'prompt: A logo\n' }
  const cwd = await createSampleProject(files)
  server.failWhen('lighthouse', { drop: true }, 1)
  await run(cwd, 'generate')
  await run(cwd, 'generate', 'src/site.image.yaml#hero', '--revision', '2')
  const { stdout, code } = await run(cwd, 'cost')
  expect(code).toBe(0)
  expect(stdout.split('\n')).toEqual([
    'manifest              asked  answered  kept  discarded  cost',
    'docs/logo.image.yaml  1      1         1     0          0.04 EUR',
    'src/site.image.yaml   4      3         3     0          0.12 EUR',
    'total                 5      4         4     0          0.16 EUR',
    '',
    'Spent 0.16 EUR. Up to 0.04 EUR more may have been billed without a picture.',
    '1 request may have been billed without an answer.',
    'Failed attempts are known only to the machine that made them.',
    '',
  ])
  const by = async (what: string) =>
    JSON.parse((await run(cwd, 'cost', '--by', what, '--json')).stdout)
  const month = new Date().toISOString().slice(0, 7)
  const sums = { asked: 5, answered: 4, kept: 4, discarded: 0, spent: 0.16, doubtful: 1 }
  expect(await by('model')).toMatchObject({
    version: 1,
    by: 'model',
    currency: 'EUR',
    rows: [{ name: 'gpt-image-2', ...sums }],
    total: sums,
  })
  expect((await by('month')).rows).toMatchObject([{ name: month, ...sums }])
  // A manifest that cannot be read keeps nobody from the sum.
  await writeFile(path.join(cwd, 'docs/logo.image.yaml'), 'prompt: [')
  expect((await by('manifest')).rows).toMatchObject([
    { name: 'src/site.image.yaml', asked: 4 },
    { name: null, asked: 1 },
  ])
})

test('says so where nothing was requested, and where nothing has a price', async () => {
  const cwd = await createSampleProject()
  const known = 'Failed attempts are known only to the machine that made them.'
  expect((await run(cwd, 'cost')).stdout).toBe(`Nothing was requested for this cache. ${known}\n`)
  await run(cwd, 'generate')
  expect((await run(cwd, 'cost')).stdout).toContain(
    `2 answers have no known cost, because \`budget.prices\` has no price for them.\n${known}\n`,
  )
})

test('a changed prompt leaves the cost of the picture before with no manifest', async () => {
  const cwd = await createSampleProject({ 'imagegen.config.json': CONFIG })
  await run(cwd, 'generate', 'src/site.image.yaml#hero')
  await writeFile(path.join(cwd, 'src/site.image.yaml'), SITE.replace('cliff', 'rock'))
  const { stdout } = await run(cwd, 'cost')
  expect(stdout).toMatch(/^\(no manifest\) +1 +1 +1 +0 +0\.04 EUR$/m)
})

test('takes manifest, model or month, and nothing else', async () => {
  const cwd = await createSampleProject()
  const { code, stderr } = await run(cwd, 'cost', '--by', 'year')
  expect(code).toBe(2)
  expect(stderr).toContain('Allowed choices are manifest, model, month.')
})
