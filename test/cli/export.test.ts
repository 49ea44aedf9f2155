import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { filesBelow, writeFiles } from '../support/folder.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

const TSC = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc')

let server: ApiServer
let bin: Bin
beforeAll(async () => {
  server = await createApiServer({ scale: 1 / 16 })
  bin = await prepareBin()
})
afterAll(() => Promise.all([server.close(), bin.remove()]))
beforeEach(() => server.reset())

const env = () => ({ LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url })
const run = (cwd: string, ...args: string[]) => runMain(['export', ...args], cwd, env())

const FLAGS = ['--out', 'public/img', '--public-path', '/img/', '--data', 'data/images.json']

describe('imagegen export', () => {
  it('generates what is missing, writes files, and says what it did', async () => {
    const cwd = await createSampleProject()
    const { code, stdout } = await run(cwd, ...FLAGS)
    expect(code).toBe(0)
    expect(stdout).toMatch(/^written {2}public\/img\/hero-[0-9a-f]{8}\.png$/m)
    expect(stdout).toMatch(/^2 images exported: 3 files written, 0 already right, 0 removed\.$/m)
    const again = await run(cwd, ...FLAGS, '--json')
    expect(JSON.parse(again.stdout)).toEqual({
      version: 1,
      written: [],
      removed: [],
      left: [],
      summary: { images: 2, written: 0, unchanged: 3, removed: 0 },
    })
    expect(server.count).toBe(2)
  })

  it('takes paths relative to where it was started, and single manifests', async () => {
    const cwd = await createSampleProject({ 'src/b.image.yaml': 'prompt: x\nsize: 1024x1024\n' })
    const { code } = await run(
      path.join(cwd, 'src'),
      ...['b.image.yaml', '--out', '../img', '--public-path', '/', '--data', 'b.json'],
    )
    expect(code).toBe(0)
    expect(Object.keys(JSON.parse(await readFile(path.join(cwd, 'src/b.json'), 'utf8')))).toEqual([
      'b',
    ])
    expect(await filesBelow(path.join(cwd, 'img'))).toHaveLength(1)
    expect(server.count).toBe(1)
  })

  it('writes a TypeScript module whose types are exact, under isolated declarations too', async () => {
    const cwd = await createSampleProject({
      'src/page.ts': `import images, { site } from './images.ts'
const width: 64 = site['hero-night'].width
const alt: 'Lighthouse' = images.site.hero.alt
// @ts-expect-error There is no such image.
site.lamp
export const shown: readonly unknown[] = [width, alt]
`,
    })
    const flags = ['--out', 'public', '--public-path', '/', '--module', 'src/images.ts']
    expect(await run(cwd, ...flags)).toMatchObject({ code: 0 })
    const options =
      '--noEmit --strict --declaration --isolatedDeclarations --erasableSyntaxOnly --allowImportingTsExtensions --module nodenext --target es2022'
    const args = [TSC, ...options.split(' '), 'src/page.ts']
    const check = promisify(execFile)(process.execPath, args, { cwd })
    expect(
      await check.then(
        ({ stdout }) => stdout,
        ({ stdout }) => stdout,
      ),
    ).toBe('')
  })

  it.each([
    [['--out', 'src', ...FLAGS.slice(2)], 2, 'which holds the manifest src/site.image.yaml'],
    [['--out', 'public', '--module', 'x.css'], 2, 'must end with .ts, .mts, .js or .mjs'],
    [['--out', 'public', '--data', 'x.json'], 2, 'The public path is missing'],
    [[...FLAGS, 'src/site.image.yaml#hero'], 2, 'an export takes whole manifests'],
    [FLAGS.slice(2), 2, '--out <dir>'],
    [['--out', 'taken', ...FLAGS.slice(2)], 2, 'taken is a file'],
    [['--out', 'package.json/x', ...FLAGS.slice(2)], 1, 'a part of the path is a file'],
  ])('%j ends with %i', async (args, expected, message) => {
    const cwd = await createSampleProject({ taken: '' })
    const { code, stderr } = await run(cwd, ...args)
    expect(stderr).toContain(message)
    expect(code).toBe(expected)
  })

  it('ends with 1 in frozen mode, where something is missing or a foreign file is in the way', async () => {
    const cwd = await createSampleProject({ 'data/images.json': '[]' })
    const frozen = await runMain(['export', ...FLAGS], cwd, { IMAGEGEN_MODE: 'frozen' })
    expect(frozen).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('src/site.image.yaml'),
    })
    const { code, stdout } = await run(cwd, ...FLAGS, '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout).error.code).toBe('EXPORT_CONFLICT')
  })

  it('--watch shows drafts at once and pictures later, and ends with Ctrl-C', async () => {
    const cwd = await createSampleProject()
    const answer = server.hold()
    const lines = { drafts: '', end: '' }
    const { code, stderr } = await bin.run(['export', ...FLAGS, '--watch'], {
      cwd,
      env: env(),
      onStderr(text, interrupt) {
        if (lines.drafts === '' && text.includes('Watching; press Ctrl-C to end.')) {
          lines.drafts = text
          answer()
        }
        if (
          lines.end === '' &&
          /0 removed\.\n|[1-9] removed\.\n/.test(text.slice(lines.drafts.length)) &&
          text.trimEnd().endsWith('removed.')
        ) {
          lines.end = text
          interrupt('SIGINT')
        }
      },
    })
    expect(lines.drafts).toMatch(
      /2 images exported: 3 files written, 0 removed\. 2 pictures still to come\. Watching/,
    )
    expect(stderr).toMatch(/2 images exported: \d files? written, \d removed\.\n/)
    expect(code).toBe(130)
    const after = await run(cwd, ...FLAGS, '--json')
    expect(JSON.parse(after.stdout).written).toEqual([])
    expect(server.count).toBe(2)
  })

  it('--watch without a key says why there are only drafts', async () => {
    const cwd = await createSampleProject()
    await writeFiles(cwd, { '.gitignore': '' })
    const { stderr } = await bin.run(['export', ...FLAGS, '--watch'], {
      cwd,
      onStderr(text, interrupt) {
        if (text.includes('LLMEASY_API_KEY') && text.includes('Watching')) interrupt('SIGINT')
      },
    })
    expect(stderr).toContain('2 pictures still to come.')
    expect(stderr).not.toContain('error')
  })
})
