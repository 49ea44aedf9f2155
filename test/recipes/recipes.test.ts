import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'

/** One step of a workflow, as far as this machine can run it. */
interface Step {
  readonly run?: string
  readonly uses?: string
  readonly if?: string
  readonly env?: Readonly<Record<string, string>>
}

const MANIFEST = 'prompt: A lighthouse on a cliff\nsize: 1024x1024\n'

let bin: Bin
let server: ApiServer
let blocks: readonly { readonly language: string; readonly text: string }[]

beforeAll(async () => {
  bin = await prepareBin()
  server = await createApiServer({ scale: 1 / 16 })
  const pages = ['docs/recipes/ci-github.md', 'docs/recipes/git-lfs.md']
  const recipes = (await Promise.all(pages.map(page => readFile(page, 'utf8')))).join('\n')
  blocks = [...recipes.matchAll(/```(\w+)\n(.*?)```/gs)].map(([, language = '', text = '']) => ({
    language,
    text,
  }))
})
afterAll(async () => {
  await server.close()
  await bin.remove()
})

/** The workflow of the recipes that has this in it. */
function stepsWith(text: string): readonly Step[] {
  const block = blocks.find(({ language, text: all }) => language === 'yaml' && all.includes(text))
  return parse(block?.text ?? '')
}

function blockOf(language: string, text = ''): string {
  const found = blocks.find(block => block.language === language && block.text.includes(text))
  return found?.text ?? ''
}

/** A committed project with a remote, in which `npx imagegen` and `npm run build` work. */
async function createRepository() {
  const folder = await temporaryFolder()
  const cwd = path.join(folder, 'site')
  const files = {
    // What a bundler does with the pipeline, without a bundler.
    'site/package.json': '{ "private": true, "scripts": { "build": "imagegen generate" } }',
    'site/.gitignore': 'node_modules\n',
    'site/hero.image.yaml': MANIFEST,
    'site/node_modules/.bin/imagegen': `#!/bin/sh\nexec '${process.execPath}' '${bin.file}' "$@"\n`,
    'bin/gh': '#!/bin/sh\necho "$@" > "$RUNNER_TEMP/gh"\n',
  }
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content, { mode: content.startsWith('#!') ? 0o755 : 0o644 })
  }
  const env = {
    PATH: `${path.join(folder, 'bin')}:${process.env.PATH}`,
    // No name and no address for git, as on a fresh runner.
    HOME: folder,
    RUNNER_TEMP: folder,
    LLMEASY_BASE_URL: server.url,
    GIT_CONFIG_NOSYSTEM: '1',
    NPM_CONFIG_UPDATE_NOTIFIER: 'false',
    NPM_CONFIG_OFFLINE: 'true',
  }
  const shell = async (script: string, more: Readonly<Record<string, string>> = {}) =>
    (
      await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', script], {
        cwd,
        env: { ...env, ...more },
      })
    ).stdout

  /** As a runner does: after a failure only what says so is run. */
  async function runSteps(steps: readonly Step[]): Promise<string | undefined> {
    let failure: string | undefined
    for (const { run, if: condition, env: own = {} } of steps) {
      if (run === undefined || (failure && condition !== 'always()')) continue
      const filled = run.replaceAll(/\$\{\{ github\.run_id \}\}/g, '42')
      const given = Object.entries(own).map(([name, value]) => [
        name,
        /^\$\{\{/.test(value) ? 'test-key' : value,
      ])
      await shell(filled, Object.fromEntries(given)).catch(error => {
        failure ??= `${error.stdout}${error.stderr}`
      })
    }
    return failure
  }

  await shell('git init -q --bare ../origin.git && git init -q -b main && git add .')
  const identity = '-c user.name=me -c user.email=me@example.com'
  await shell(`git ${identity} commit -qm First && git remote add origin ../origin.git`)
  await shell('git push -q origin main')
  return { cwd, folder, shell, runSteps, identity }
}

const buy = { LLMEASY_API_KEY: 'test-key' }

describe('the recipes of the documentation', () => {
  it('checks, and builds frozen, with the committed cache alone', async () => {
    const { runSteps, shell, identity } = await createRepository()
    const steps = stepsWith('imagegen check')
    expect(steps).toHaveLength(2)
    expect(await runSteps(steps)).toContain('hero is missing')

    await shell('npx imagegen generate', buy)
    await shell(`git add . && git ${identity} commit -qm Images && git clean -qfdx -e node_modules`)
    const sent = server.count
    expect(await runSteps(steps)).toBeUndefined()
    expect(server.count).toBe(sent)
  })

  it('buys once with a cached directory, which is saved even when the build fails', async () => {
    const { runSteps, cwd, folder } = await createRepository()
    const steps = stepsWith('actions/cache')
    const before = server.billed
    await runSteps(steps)
    expect(server.billed).toBe(before + 1)
    const save = steps.find(({ uses }) => uses?.startsWith('actions/cache/save'))
    expect(save?.if).toBe('always()')

    await cp(path.join(cwd, '.imagegen'), path.join(folder, 'saved'), { recursive: true })
    await rm(path.join(cwd, '.imagegen'), { recursive: true })
    await cp(path.join(folder, 'saved'), path.join(cwd, '.imagegen'), { recursive: true })
    expect(await runSteps(steps)).toBeUndefined()
    expect(server.billed).toBe(before + 1)
  })

  it('generates and opens a pull request, also of what came before a failure', async () => {
    const { runSteps, shell, cwd, folder } = await createRepository()
    await writeFile(path.join(cwd, 'team.image.yaml'), 'prompt: A refused group\nsize: 1024x1024\n')
    server.failWhen('refused', { status: 400, body: { error: { message: 'no groups' } } })
    expect(await runSteps(stepsWith('gh pr create'))).toContain('no groups')
    expect(await readFile(path.join(folder, 'gh'), 'utf8')).toBe('pr create --fill\n')
    expect(await readFile(path.join(folder, 'gallery/index.html'), 'utf8')).toContain('<html')
    const pushed = (await shell('git --git-dir ../origin.git ls-tree -r --name-only images/42'))
      .trim()
      .split('\n')
    expect(pushed.filter(name => /^\.imagegen\/(?:entries|blobs)\//.test(name))).toHaveLength(2)
    // Journals and leases are this machine's own.
    expect(pushed.filter(name => name.includes('local'))).toEqual([])
  })

  it('opens no pull request when there is nothing new', async () => {
    const { runSteps, shell, folder, identity } = await createRepository()
    await shell('npx imagegen generate', buy)
    await shell(`git add . && git ${identity} commit -qm Images`)
    expect(await runSteps(stepsWith('gh pr create'))).toBeUndefined()
    await expect(readFile(path.join(folder, 'gh'))).rejects.toThrow('ENOENT')
  })

  it('keeps pictures, and nothing else, in Git LFS', async () => {
    const { shell, cwd } = await createRepository()
    await writeFile(path.join(cwd, '.gitattributes'), blockOf('gitattributes'))
    const attributes = await shell(
      'git check-attr filter .imagegen/blobs/ab/abc.png .imagegen/entries/ab/abc.json',
    )
    expect(attributes).toMatch(/blobs\/ab\/abc\.png: filter: lfs\n.*abc\.json: filter: unspecified/)
    await shell('npx imagegen init --yes --lfs')
    expect(await readFile(path.join(cwd, '.gitattributes'), 'utf8')).toContain(
      blockOf('gitattributes').trim(),
    )
  })

  it('refuses a commit whose images are missing', async () => {
    const { shell, cwd, identity } = await createRepository()
    const hook = path.join(cwd, '.git/hooks/pre-commit')
    await writeFile(hook, blockOf('sh', 'pre-commit'))
    await chmod(hook, 0o755)
    const commit = `git add . && git ${identity} commit -qm More`
    await writeFile(path.join(cwd, 'note.txt'), 'x')
    await expect(shell(commit)).rejects.toMatchObject({
      stderr: expect.stringContaining('hero is missing'),
    })
    await shell('npx imagegen generate', buy)
    await shell(commit)
  })
})
