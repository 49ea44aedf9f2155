import { readdir } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { planDocumentSchema } from '../../src/cli/output/plan-document.ts'
import { writeFiles } from '../support/folder.ts'
import { runMain } from '../support/run-main.ts'
import { prepareCommand } from './command-harness.ts'
import { createSampleProject } from './sample-project.ts'

const command = prepareCommand()
const { env } = command
const OTHER =
  'images:\n  hero: { prompt: A pier, size: 1024x1024 }\n  logo: { prompt: A logo, size: 1024x1024 }\n'
const FAULTY = 'images:\n  broken: { prompt: A hut, size: 1920 }\n'

describe('a bare name', () => {
  it('selects an image where it is unique', async () => {
    const cwd = await createSampleProject({ 'src/other.image.yaml': OTHER })
    const { code, stdout } = await command.bin.run(['generate', 'logo'], { cwd, env: env() })
    expect(code).toBe(0)
    expect(stdout).toContain('src/other.image.yaml#logo')
    expect(command.server.count).toBe(1)
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
    expect(command.server.count).toBe(0)
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
    const generated = await command.bin.run(['generate'], { cwd, env: env() })
    expect(generated.code).toBe(1)
    expect(generated.stdout).toContain('2 images: 2 generated with 2 requests, 0 failed.')
    expect((generated.stdout + generated.stderr).match(fault)).toHaveLength(1)
    const quiet = await runMain(['plan', '--quiet'], cwd, env())
    expect(quiet.stderr.match(fault)).toHaveLength(1)
  })

  it('is named in the JSON of plan and generate', async () => {
    const cwd = await createSampleProject({ 'src/faulty.image.yaml': FAULTY })
    const fault = {
      ...{ file: 'src/faulty.image.yaml', line: 2, column: 34, code: 'MANIFEST_INVALID' },
      message: expect.stringContaining('1920'),
    }
    const planned = await runMain(['plan', '--json'], cwd, env())
    expect(JSON.parse(planned.stdout)).toMatchObject({ faults: [fault], summary: { missing: 2 } })
    expect(v.is(planDocumentSchema, JSON.parse(planned.stdout))).toBe(true)
    const generated = await runMain(['generate', '--json'], cwd, env())
    expect(JSON.parse(generated.stdout)).toMatchObject({ faults: [fault] })
    const sound = await runMain(['plan', '--json', 'src/site.image.yaml'], cwd, env())
    expect(JSON.parse(sound.stdout)).not.toHaveProperty('faults')
  })

  it('that others extend is told once', async () => {
    const cwd = await createSampleProject({
      'src/faulty.image.yaml': 'defaults: { size: 1920 }\nimages: {}\n',
      'src/a.image.yaml': 'extends: ./faulty.image.yaml\nprompt: A pier\n',
    })
    const { stderr } = await runMain(['plan'], cwd, env())
    expect(stderr.match(/src\/faulty\.image\.yaml:1:19/g)).toHaveLength(1)
  })

  it('does not keep an export from the others, whose earlier files stay', async () => {
    const out = ['export', '--out', 'public', '--public-path', '/', '--data', 'images.json']
    const cwd = await createSampleProject({ 'src/other.image.yaml': OTHER })
    expect((await runMain(out, cwd, env())).code).toBe(0)
    const before = await readdir(path.join(cwd, 'public'))
    await writeFiles(cwd, {
      'src/other.image.yaml': OTHER.replace('size: 1024x1024', 'size: 1920'),
      'src/new.image.yaml': 'prompt: A buoy\nsize: 1024x1024\n',
    })
    const { code, stdout, stderr } = await runMain(out, cwd, env())
    expect(code).toBe(1)
    expect(stderr.match(/src\/other\.image\.yaml:2/g)).toHaveLength(1)
    expect(stdout).toContain('3 images exported: 2 files written, 2 already right, 0 removed.')
    expect(await readdir(path.join(cwd, 'public'))).toEqual(expect.arrayContaining(before))
    await writeFiles(cwd, { 'src/other.image.yaml': OTHER.replace('logo', 'mark') })
    const mended = await runMain([...out, '--json'], cwd, env())
    expect(JSON.parse(mended.stdout).summary).toMatchObject({ images: 5, removed: 1 })
    expect(command.server.count).toBe(5)
  })

  it('fails only the images that refer to it, with one error each', async () => {
    const cwd = await createSampleProject({
      'src/faulty.image.yaml': FAULTY,
      'src/a.image.yaml':
        'defaults: { size: 1024x1024 }\nimages:\n  night: { prompt: N, references: [{ manifest: ./faulty.image.yaml, image: broken }] }\n  dawn: { prompt: D, references: [{ image: night }] }\n  pier: { prompt: P }\n',
    })
    const words =
      'src/a.image.yaml:3:36 `night` refers to src/faulty.image.yaml#broken, but that manifest has a fault. Fix it first: src/faulty.image.yaml:2:34 '
    const planned = await runMain(['plan', '--json'], cwd, env())
    expect(planned.code).toBe(1)
    const { images, summary } = JSON.parse(planned.stdout)
    expect(summary).toMatchObject({ requests: 3 })
    expect(images.find(({ name }: { name: string }) => name === 'night').reason).toContain(words)
    const out = ['export', '--out', 'public', '--public-path', '/', '--data', 'images.json']
    const exported = await runMain(out, cwd, env())
    expect(exported.code).toBe(1)
    expect(exported.stdout).toContain('2 images exported')
    expect(exported.stderr.split(words)).toHaveLength(2)
    const generated = await runMain(['generate'], cwd, env())
    expect(generated.code).toBe(1)
    expect(generated.stdout).toMatch(/a\.image\.yaml#dawn +skipped/)
    expect(command.server.count).toBe(3)
    const alone = await runMain(['prune'], cwd, env())
    expect(alone.code).toBe(1)
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
    expect(command.server.requests).toEqual([])
  })

  it('of sync writes nothing', async () => {
    const cwd = await createSampleProject()
    const { stdout, code } = await runMain(['sync', '--dry-run'], cwd)
    expect(code).toBe(0)
    expect(stdout).toContain('1 type file written, 0 removed, 0 up to date. This was a dry run')
    expect(await readdir(path.join(cwd, '.imagegen')).catch(() => [])).not.toContain('types')
  })
})
