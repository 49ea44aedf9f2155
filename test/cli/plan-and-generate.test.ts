import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { renderPlanSchema } from '../../build/plan-schema.ts'
import { writeFiles } from '../support/folder.ts'
import { runMain } from '../support/run-main.ts'
import { prepareCommand } from './command-harness.ts'
import { createSampleProject, SITE } from './sample-project.ts'

const command = prepareCommand()
const ESCAPE = '\u001b'
const manifest = 'src/site.image.yaml'

async function plan(cwd: string, ...args: string[]) {
  const { stdout, stderr, code } = await runMain(['plan', '--json', ...args], cwd)
  expect(stderr).toBe('')
  const document = JSON.parse(stdout)
  const validate = new Ajv().compile(JSON.parse(renderPlanSchema()))
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  return { document, code }
}

async function generate(cwd: string, ...args: string[]) {
  return runMain(['generate', ...args], cwd, command.env())
}

describe('an answer that was no picture', () => {
  it('is told by plan and check, and requested again by --again alone', async () => {
    const cwd = await createSampleProject()
    command.server.failNext({ body: '<html>Sign in</html>' })
    const hero = `${manifest}#hero`
    expect(await generate(cwd, hero)).toMatchObject({ code: 1 })
    const { document, code } = await plan(cwd)
    expect(code).toBe(1)
    expect(document.summary).toMatchObject({ unusable: 1, missing: 1, requests: 0 })
    const told = await runMain(['plan'], cwd)
    expect(told.stdout).toMatch(/unusable +src\/site\.image\.yaml#hero /)
    expect(told.stdout).toContain('`imagegen generate --again IMAGE`')
    const checked = await runMain(['check'], cwd)
    expect(checked.stdout).toContain('`imagegen generate --again src/site.image.yaml#hero`')

    expect(await generate(cwd)).toMatchObject({ code: 1 })
    expect(command.server.count).toBe(1)
    expect(await generate(cwd, '--again')).toMatchObject({ code: 2 })
    expect(await generate(cwd, '--again', hero)).toMatchObject({ code: 0 })
    expect(command.server.count).toBe(2)
    expect((await plan(cwd)).document.summary).toMatchObject({ unusable: 0, ready: 1 })
  })
})

describe('imagegen generate', () => {
  it('buys what is missing in the order of the references, and nothing the second time', async () => {
    const cwd = await createSampleProject()
    const first = await command.bin.run(['generate'], { cwd, env: command.env() })
    expect(first).toMatchObject({ code: 0 })
    expect(first.stdout).toMatch(/src\/site\.image\.yaml#hero +generated .+ 1 +64×64 /)
    expect(first.stdout).toContain('2 images: 2 generated with 2 requests, 0 failed.')
    expect(first.stderr).toContain('2 images, 2 to generate')
    expect(first.stderr).toMatch(/\[1\/2\] src\/site\.image\.yaml#hero: generated/)
    expect(first.stdout + first.stderr).not.toMatch(/lighthouse|test-key/i)
    expect(first.stdout + first.stderr).not.toContain(ESCAPE)
    expect(command.server.requests.map(request => request.path)).toEqual([
      '/v1/images/generations',
      '/v1/images/edits',
    ])

    const second = await generate(cwd)
    expect(second.stdout).toContain('2 images: 0 generated with 0 requests, 0 failed.')
    expect(command.server.count).toBe(2)
  })

  it('prints one documented object with --json, and progress beside it', async () => {
    const cwd = await createSampleProject()
    const { stdout, code } = await generate(cwd, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      images: [
        { manifest, name: 'hero', outcome: 'generated', attempts: 1, width: 64, height: 64 },
        { manifest, name: 'hero-night', outcome: 'generated', attempts: 1 },
      ],
      summary: { generated: 2, failed: 0, requests: 2, possiblyBilledTwice: 0 },
    })
  })

  it('ends with what was spent, and says nothing of it where nothing has a price', async () => {
    const config =
      '{ "budget": { "prices": { "1024x1024": 0.17 } }, "provider": { "retry": { "delays": [1] } } }'
    const cwd = await createSampleProject({ 'imagegen.config.json': config })
    command.server.failNext({ drop: true })
    const { stdout } = await generate(cwd)
    expect(stdout).toContain(
      'Spent 0.34 USD. Up to 0.17 USD more may have been billed without a picture.',
    )
    expect((await generate(cwd)).stdout).not.toMatch(/Spent|USD/)
    const again = await generate(cwd, `${manifest}#hero`, '--revision', '2', '--json')
    const document = JSON.parse(again.stdout)
    expect(document.images[0]).toMatchObject({ spent: 0.17 })
    expect(document.summary.cost).toEqual({
      currency: 'USD',
      spent: 0.17,
      possiblyWasted: 0,
      unpriced: 0,
    })
    const unpriced = await createSampleProject()
    const silent = await generate(unpriced, '--json')
    expect(silent.stdout + silent.stderr).not.toMatch(/cost|spent|price/i)
  })

  it('takes one image and what it refers to', async () => {
    const cwd = await createSampleProject({
      [manifest]: `${SITE}  team:\n    prompt: A group picture\n`,
    })
    const { stdout } = await generate(cwd, `${manifest}#hero-night`)
    expect(stdout).toContain('2 images: 2 generated')
    expect(stdout).not.toContain('#team')
  })

  it('buys alternatives beside the manifest’s revision, each once', async () => {
    const cwd = await createSampleProject()
    const first = await generate(cwd, `${manifest}#hero`, '--alternatives', '2', '--json')
    expect(JSON.parse(first.stdout).images).toMatchObject([
      { name: 'hero', revision: 2, outcome: 'generated' },
      { name: 'hero', revision: 3, outcome: 'generated' },
    ])
    const again = await generate(cwd, `${manifest}#hero`, '--revision', '3', '--json')
    expect(JSON.parse(again.stdout).images).toMatchObject([{ revision: 3, outcome: 'cached' }])
    expect(command.server.count).toBe(2)
  })

  it('gives as many alternatives each time, and asks first for those that did not come', async () => {
    const cwd = await createSampleProject()
    await generate(cwd, `${manifest}#hero`, '--revision', '3')
    const more = async () => {
      const { stdout } = await generate(cwd, `${manifest}#hero`, '--alternatives', '2', '--json')
      return JSON.parse(stdout).images.map(({ revision }: { revision: number }) => revision)
    }
    expect(await more()).toEqual([2, 4])
    expect(await more()).toEqual([5, 6])
    expect(command.server.count).toBe(5)
  })

  it('lets four packages with one cache request no more than the budget', async () => {
    const cwd = await createSampleProject({ 'src/site.image.yaml': 'prompt: Not asked for\n' })
    const packages = ['a', 'b', 'c', 'd']
    for (const name of packages) {
      const images = [1, 2, 3, 4].map(number => `  p${number}: { prompt: ${name} ${number} }\n`)
      await writeFiles(path.join(cwd, name), {
        'package.json': JSON.stringify({ name }),
        'imagegen.config.json': '{ "cacheDir": "../shared-cache", "budget": { "images": 5 } }',
        'site.image.yaml': `images:\n${images.join('')}`,
      })
    }
    const run = (name: string, ...args: string[]) =>
      command.bin.run(['generate', ...args], { cwd: path.join(cwd, name), env: command.env() })
    const results = await Promise.all(packages.map(name => run(name)))
    expect(results.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1])
    expect(command.server.count).toBe(4)
    const refused = results.find(({ code }) => code === 1)
    expect(refused?.stderr).toMatch(/generate 4 images, but .* allows 5 .* 1 of them is left/)
    const name = packages[results.findIndex(({ code }) => code === 1)] ?? ''
    const planned = await plan(path.join(cwd, name))
    expect(planned.document.summary).toMatchObject({ requests: 4, budget: 5, budgetUsed: 4 })
    expect(await run(name, '--budget', '4')).toMatchObject({ code: 0 })
    expect(command.server.count).toBe(8)
  })

  it('lets processes that start at once spend no more than budget.spend', async () => {
    const prices = { '1024x1024': 0.04 }
    const config = JSON.stringify({ budget: { spend: 0.09, prices } })
    const cwd = await createSampleProject({ 'imagegen.config.json': config })
    const names = ['2', '3', '4', '5']
    const results = await Promise.all(
      names.map(revision =>
        command.bin.run(['generate', `${manifest}#hero`, '--revision', revision], {
          cwd,
          env: command.env(),
        }),
      ),
    )
    expect(results.map(({ code }) => code).sort()).toEqual([0, 0, 1, 1])
    expect(command.server.count).toBe(2)
    const refused = results.find(({ code }) => code === 1)
    expect(refused?.stderr).toContain('`budget.spend` allows 0.09 USD within 60 minutes')
    const planned = await plan(cwd)
    expect(planned.document.summary).toMatchObject({ spend: 0.09, spendUsed: 0.08, cost: 0.08 })
    const { stdout } = await runMain(['plan'], cwd)
    expect(stdout).toContain(
      'That is more than may be spent: 0.08 USD of 0.09 USD are used within 60 minutes. To generate them anyway, run `imagegen generate --spend 0.08`.',
    )
    expect(await generate(cwd, '--spend', '0.08')).toMatchObject({ code: 0 })
    expect(command.server.count).toBe(4)
  })

  it('buys nothing of what would exceed the budget', async () => {
    const cwd = await createSampleProject()
    const { code, stderr } = await generate(cwd, '--budget', '1')
    expect(code).toBe(1)
    expect(stderr).toContain('allows 1')
    const alternatives = await generate(
      cwd,
      `${manifest}#hero`,
      '--alternatives',
      '3',
      '--budget',
      '2',
    )
    expect(alternatives).toMatchObject({ code: 1, stdout: '' })
    expect(alternatives.stderr).toContain('would generate 3 images, but --budget allows 2')
    expect(command.server.count).toBe(0)
  })

  it('tells every failure once, without a stack, and keeps what was made', async () => {
    const cwd = await createSampleProject({
      [manifest]: `${SITE}  team:\n    prompt: A group picture\n`,
    })
    command.server.failWhen('group', {
      status: 400,
      body: { error: { message: 'no groups\u001b[31m today' } },
    })
    const { code, stdout, stderr } = await generate(cwd)
    expect(code).toBe(1)
    expect(stdout).toMatch(/#team +failed/)
    expect(stdout).toContain('no groups[31m today')
    expect(stdout).toContain('3 images: 2 generated with')
    expect(stdout + stderr).not.toMatch(/\n\s+at /)
    expect(stdout + stderr).not.toContain(ESCAPE)
  })

  it('names the variable and what is missing when there is no key', async () => {
    const cwd = await createSampleProject()
    const { code, stderr } = await runMain(['generate'], cwd)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error LLMEASY_API_KEY is not set/)
    expect(stderr).toContain('src/site.image.yaml:4:3 hero')
  })

  it.each(['frozen', 'draft'])('opens no connection in mode %s', async mode => {
    const cwd = await createSampleProject()
    const env = { ...command.env(), IMAGEGEN_MODE: mode }
    const { code, stderr } = await command.bin.run(['generate'], { cwd, env })
    expect(code).toBe(mode === 'frozen' ? 1 : 0)
    if (mode === 'frozen') expect(stderr).toMatch(/mode is frozen.*2 originals are missing/)
    expect(command.server.count).toBe(0)
  })

  it('ends on SIGTERM, and still knows what was sent', async () => {
    const cwd = await createSampleProject()
    command.server.setDelay(60_000)
    let sent = false
    const { code, stdout, stderr } = await command.bin.run(['generate'], {
      cwd,
      env: command.env(),
      onStderr(text, interrupt) {
        if (sent || !text.includes(': generating')) return
        sent = true
        interrupt('SIGTERM')
      },
    })
    expect(code).toBe(143)
    expect(stderr).toContain('Stopping. ')
    expect(stdout).toBe('')
    const after = await plan(cwd)
    expect(after.document.images[0].state).toBe('uncertain')
  })

  it('ends at once on the second Ctrl-C, and still knows what was sent', async () => {
    const cwd = await createSampleProject()
    command.server.setDelay(60_000)
    const answers: readonly string[] = [': generating', 'Stopping. ']
    let answered = 0
    const { code, stdout } = await command.bin.run(['generate'], {
      cwd,
      env: command.env(),
      onStderr(text, interrupt) {
        const awaited = answers[answered]
        if (awaited === undefined || !text.includes(awaited)) return
        answered++
        // Two signals within 500 ms are one.
        setTimeout(() => interrupt('SIGINT'), (answered - 1) * 700)
      },
    })
    expect(code).toBe(130)
    expect(stdout).toBe('')
    const after = await plan(cwd)
    expect(after.document.images[0].state).toBe('uncertain')
  })
})

describe('imagegen plan', () => {
  it('says what would be bought, in buying order, and sends nothing', async () => {
    const cwd = await createSampleProject()
    const { document, code } = await plan(cwd)
    expect(code).toBe(0)
    expect(document).toMatchObject({
      version: 1,
      images: [
        { manifest, name: 'hero', state: 'missing', endpoint: 'generations', size: '1024x1024' },
        { manifest, name: 'hero-night', state: 'missing', endpoint: 'edits', key: null },
      ],
      summary: { ready: 0, missing: 2, uncertain: 0, corrupt: 0, requests: 2 },
    })
    expect(document.images[1].reason).toBe('waits for hero')
  })

  it('explains a changed word of a prompt in one sentence', async () => {
    const cwd = await createSampleProject()
    await generate(cwd)
    await writeFile(path.join(cwd, manifest), SITE.replace('from the sea', 'from the harbour'))
    const { document } = await plan(cwd)
    expect(document.images[0]).toMatchObject({
      state: 'missing',
      reason: 'the prompt changed: "…sea" → "…harbour"',
    })
    const { stdout } = await runMain(['plan'], cwd)
    expect(stdout).toMatch(/missing +src\/site\.image\.yaml#hero .+ the prompt changed/)
  })

  it('sums up the cost of what would be bought', async () => {
    const cwd = await createSampleProject({
      'imagegen.config.json': '{ "budget": { "prices": { "1024x1024": 0.17 } } }',
    })
    const { document } = await plan(cwd)
    expect(document.summary).toMatchObject({ cost: 0.34, unpriced: 0 })
    expect((await runMain(['plan'], cwd)).stdout).toContain('They cost 0.34 USD.')
  })

  it('reports a corrupt original with exit code 1', async () => {
    const cwd = await createSampleProject()
    await generate(cwd)
    const { document } = await plan(cwd)
    const { key } = document.images[0]
    await writeFile(path.join(cwd, `.imagegen/entries/${key.slice(0, 2)}/${key}.json`), '{')
    const broken = await plan(cwd)
    expect(broken.code).toBe(1)
    expect(broken.document.images[0].state).toBe('corrupt')
    expect(broken.document.summary.corrupt).toBe(1)
  })

  it('takes manifests, globs and single images', async () => {
    const cwd = await createSampleProject({
      'docs/logo.image.yaml': 'prompt: A logo\nsize: 1024x1024\n',
    })
    const names = async (...args: string[]) =>
      (await plan(cwd, ...args)).document.images.map((image: { name: string }) => image.name)
    expect(await names('docs/logo.image.yaml')).toEqual(['logo'])
    expect(await names('src/**/*.image.yaml')).toEqual(['hero', 'hero-night'])
    expect(await names(`${manifest}#hero`)).toEqual(['hero'])
    expect(await names(`${manifest}#hero`, 'docs/*.yaml')).toEqual(['hero', 'logo'])
  })
})

it('tells its version', async () => {
  const { version } = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  expect(await runMain(['--version'], process.cwd())).toMatchObject({
    code: 0,
    stdout: `${version}\n`,
  })
})

describe('wrong use', () => {
  it.each([
    [['plam'], 'Unknown command `plam`'],
    [['plan', '--what'], 'Unknown option `--what`'],
    [['generate', '--budget', 'many'], 'whole number'],
    [['generate', '--spend', '5 USD'], 'an amount such as 2 or 0.50'],
    [['generate', '--spend', '-1'], 'an amount such as 2 or 0.50'],
    [['generate', '--revision', '2', '--alternatives', '2'], 'exclude each other'],
    [['plan', 'src/sight.image.yaml'], 'Did you mean "src/site.image.yaml"?'],
    [['plan', `${manifest}#heroo`], 'Did you mean "hero"?'],
    [['plan', '--config', 'none.ts'], 'There is no configuration file'],
  ])('%j ends with 2 and one message', async (args, message) => {
    const cwd = await createSampleProject()
    const { code, stdout, stderr } = await runMain(args, cwd)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error /)
    expect(stderr).toContain(message)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  it('says it as one object with --json', async () => {
    const cwd = await createSampleProject()
    const { code, stdout, stderr } = await command.bin.run(['plan', 'nothing.yaml', '--json'], {
      cwd,
    })
    expect(code).toBe(2)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, error: { code: 'USAGE' } })
  })

  it('lists all faults of a manifest with their places, and ends with 1', async () => {
    const cwd = await createSampleProject()
    await writeFiles(cwd, { [manifest]: 'images:\n  hero:\n    promt: x\n    size: 3x3\n' })
    const { code, stdout, stderr } = await runMain(['plan', '--json'], cwd)
    expect(code).toBe(1)
    expect(stderr).toBe('')
    expect(JSON.parse(stdout).error.diagnostics.length).toBeGreaterThan(1)
  })

  it('shows a stack with --debug', async () => {
    const cwd = await createSampleProject()
    const { stderr } = await runMain(['plan', 'nothing.yaml', '--debug'], cwd)
    expect(stderr).toMatch(/\n\s+at /)
  })
})

it('reads the root and a configuration from elsewhere', async () => {
  const cwd = await createSampleProject({
    'elsewhere/imagegen.mjs': "export default { include: 'site.image.yaml' }",
  })
  const { stdout } = await runMain(
    ['plan', '--json', '--root', 'src', '--config', 'elsewhere/imagegen.mjs'],
    cwd,
  )
  expect(JSON.parse(stdout).images[0].manifest).toBe('site.image.yaml')
  await expect(readFile(path.join(cwd, '.imagegen'))).rejects.toThrow('ENOENT')
})
