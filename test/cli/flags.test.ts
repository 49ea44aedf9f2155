import { describe, expect, it, test } from 'vitest'
import { renderTable } from '../../src/cli/output/format.ts'
import { renderCommands } from '../../src/project/package-manager.ts'
import { runMain } from '../support/run-main.ts'
import { prepareCommand } from './command-harness.ts'
import { createSampleProject } from './sample-project.ts'

const command = prepareCommand()
const { env } = command
const REQUEST_ID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/

describe('imagegen help', () => {
  it('shows the help of the program and of a command', async () => {
    const cwd = await createSampleProject()
    const all = await command.bin.run(['help'], { cwd })
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect(all.stdout).toContain('Usage: imagegen [options] [command]')
    const one = await command.bin.run(['help', 'generate'], { cwd })
    expect(one).toMatchObject({ code: 0, stderr: '' })
    expect(one.stdout).toBe((await command.bin.run(['generate', '--help'], { cwd })).stdout)
  })

  it('refuses a command that does not exist, once', async () => {
    const cwd = await createSampleProject()
    const { code, stdout, stderr } = await runMain(['help', 'plam'], cwd)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      'error Unknown command `plam`. Did you mean `plan`? Run `imagegen --help` to see what there is.\n',
    )
  })
})

describe('how much is shown', () => {
  it('request IDs and images that were present appear only with --verbose', async () => {
    const cwd = await createSampleProject()
    const hero = 'src/site.image.yaml#hero'
    const usual = await command.bin.run(['generate', hero], { cwd, env: env() })
    expect(usual.stderr).toContain(`${hero}: generating\n`)
    expect(usual.stdout + usual.stderr).not.toMatch(REQUEST_ID)
    const rest = await command.bin.run(['generate'], { cwd, env: env() })
    expect(rest.stdout).not.toContain(`${hero} `)
    expect(rest.stdout).toContain(
      '2 images: 1 generated with 1 request, 0 failed. 1 was present already.',
    )
    const args = ['generate', '--verbose', hero, '--revision', '2']
    const verbose = await command.bin.run(args, { cwd, env: env() })
    expect(verbose.stderr).toMatch(new RegExp(`request ID ${REQUEST_ID.source}`))
    const present = await command.bin.run(['generate', '--verbose'], { cwd, env: env() })
    expect(present.stdout).toMatch(/site\.image\.yaml#hero +cached/)
  })

  it('--quiet shows only the result, and errors', async () => {
    const cwd = await createSampleProject()
    const quiet = await command.bin.run(['generate', '--quiet'], { cwd, env: env() })
    expect(quiet).toMatchObject({ code: 0, stderr: '' })
    expect(quiet.stdout).toContain('2 images: 2 generated with 2 requests, 0 failed.')
    const fault = await command.bin.run(['plan', '--quiet', 'none.image.yaml'], { cwd })
    expect(fault).toMatchObject({ code: 2, stdout: '' })
    expect(fault.stderr).toMatch(/^error /)
  })
})

describe('a price that is missing', () => {
  const priceIn = async (config: object, variables: Record<string, string> = {}) => {
    const cwd = await createSampleProject({ 'imagegen.config.json': JSON.stringify(config) })
    const { stdout } = await runMain(['plan'], cwd, { ...env(), ...variables })
    return stdout.match(/^A price is missing.*$/m)?.[0]
  }

  it.each([
    [{}, 'https://www.llmeasy.ru', 'gpt-image-2'],
    [
      { preset: 'openai', model: 'gpt-image-1' },
      'https://platform.openai.com/docs/pricing',
      'gpt-image-1',
    ],
    [
      { preset: 'compatible', baseURL: 'http://127.0.0.1:9/v1' },
      "your API's price list",
      'gpt-image-2',
    ],
  ])('of %j is looked up and entered where plan says', async (provider, place, model) => {
    expect(await priceIn({ provider })).toBe(
      `A price is missing. Look it up (${place}) and enter it as \`budget.prices['${model}']\`.`,
    )
  })

  it('is not spoken of where all are known', async () => {
    expect(await priceIn({ budget: { prices: { '1024x1024': 0.04 } } })).toBeUndefined()
  })
})

describe('the next command', () => {
  it.each([
    ['pnpm-lock.yaml', '', 'pnpm exec imagegen generate'],
    ['package-lock.json', '{}', 'npx imagegen generate'],
    ['yarn.lock', '', 'yarn imagegen generate'],
    ['bun.lock', '', 'bunx imagegen generate'],
    ['other.json', '{}', 'imagegen generate'],
    ['package.json', '{ "packageManager": "pnpm@10.1.0" }', 'pnpm exec imagegen generate'],
  ])('has the form that %s asks for', async (file, content, command) => {
    const cwd = await createSampleProject({ [file]: content })
    expect((await runMain(['plan'], cwd)).stdout).toContain(`\`${command}\` sends 2 requests.`)
    const fault = await runMain(['plan', '--what'], cwd)
    expect(fault.stderr).toContain(`\`${command.replace('generate', '--help')}\``)
  })

  test('leaves all other text as it is', () => {
    const text = 'imagegen plan, `imagegen.config.ts`, `unplugin-imagegen`, `imagegen plan`'
    expect(renderCommands(text, 'npm')).toBe(text.replace('`imagegen plan', '`npx imagegen plan'))
    expect(renderCommands(text, undefined)).toBe(text)
  })
})

test('tables wrap between words, under their last column', () => {
  const rows = [
    ['a', 'one two three four five six seven eight'],
    ['bb', 'short'],
  ]
  expect(renderTable(rows, undefined, 30)).toBe(
    'a   one two three four five\n    six seven eight\nbb  short',
  )
  expect(renderTable(rows)).not.toContain('\n   ')
})
