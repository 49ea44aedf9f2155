import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

let bin: Bin
let server: ApiServer

beforeAll(async () => {
  bin = await prepareBin()
  server = await createApiServer({ scale: 1 / 16, vary: true })
})
afterAll(async () => {
  await server.close()
  await bin.remove()
})
beforeEach(() => server.reset())

const env = () => ({ LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url })
const OTHER =
  'images:\n  hero: { prompt: A pier, size: 1024x1024 }\n  logo: { prompt: A logo, size: 1024x1024 }\n'
const FAULTY = 'images:\n  broken: { prompt: A hut, size: 1920 }\n'

describe('a bare name', () => {
  it('selects an image where it is unique', async () => {
    const cwd = await createSampleProject({ 'src/other.image.yaml': OTHER })
    const { code, stdout } = await bin.run(['generate', 'logo'], { cwd, env: env() })
    expect(code).toBe(0)
    expect(stdout).toContain('src/other.image.yaml#logo')
    expect(server.count).toBe(1)
  })

  it('lists the candidates where it is not, and suggests where there is none', async () => {
    const cwd = await createSampleProject({ 'src/other.image.yaml': OTHER })
    const many = await runMain(['generate', 'hero'], cwd, env())
    expect(many).toMatchObject({ code: 2, stdout: '' })
    expect(many.stderr).toBe(
      'error "hero" is an image of 2 manifests. Write one of: src/other.image.yaml#hero, src/site.image.yaml#hero.\n',
    )
    expect(await runMain(['plan', 'nothing'], cwd)).toMatchObject({ code: 2 })
    const exported = await runMain(['export', 'logo', '--out', 'out'], cwd, env())
    expect(exported.stderr).toContain('An export takes whole manifests')
    expect(server.count).toBe(0)
  })
})

describe('one faulty manifest', () => {
  it('does not keep plan and generate from the others, is told once, and ends with 1', async () => {
    const cwd = await createSampleProject({ 'src/faulty.image.yaml': FAULTY })
    const fault = /src\/faulty\.image\.yaml:2/g
    const planned = await runMain(['plan'], cwd, env())
    expect(planned.code).toBe(1)
    expect(planned.stdout).toContain('sends 2 requests')
    expect(planned.stderr.match(fault)).toHaveLength(1)
    const generated = await bin.run(['generate'], { cwd, env: env() })
    expect(generated.code).toBe(1)
    expect(generated.stdout).toContain('2 images: 2 generated with 2 requests, 0 failed.')
    expect((generated.stdout + generated.stderr).match(fault)).toHaveLength(1)
    const quiet = await runMain(['plan', '--quiet'], cwd, env())
    expect(quiet.stderr.match(fault)).toHaveLength(1)
  })

  it('is an error where no other is left', async () => {
    const cwd = await createSampleProject({ 'src/faulty.image.yaml': FAULTY })
    const { code, stdout } = await runMain(['generate', 'src/faulty.image.yaml'], cwd, env())
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  })
})

describe('--dry-run', () => {
  it('of generate shows the plan with its flags, and sends nothing', async () => {
    const cwd = await createSampleProject()
    const hero = 'src/site.image.yaml#hero'
    const usual = await runMain(['generate', '--dry-run'], cwd, env())
    expect(usual.stdout).toBe((await runMain(['plan'], cwd, env())).stdout)
    const many = ['generate', '--dry-run', hero, '--alternatives', '3', '--json']
    const { stdout, code } = await runMain(many, cwd, env())
    expect(code).toBe(0)
    expect(JSON.parse(stdout).summary.requests).toBe(3)
    expect(server.requests).toEqual([])
  })

  it('of sync writes nothing', async () => {
    const cwd = await createSampleProject()
    const { stdout, code } = await runMain(['sync', '--dry-run'], cwd)
    expect(code).toBe(0)
    expect(stdout).toContain('1 type file written, 0 removed, 0 up to date. This was a dry run')
    expect(await readdir(path.join(cwd, '.imagegen')).catch(() => [])).not.toContain('types')
  })
})
