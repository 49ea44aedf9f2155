import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { writeFiles } from '../support/folder.ts'
import { prepareBin } from '../support/run-bin.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject, SITE } from './sample-project.ts'

let server: ApiServer

beforeAll(async () => {
  server = await createApiServer({ scale: 1 / 16, vary: true })
})
afterAll(async () => {
  await server.close()
})
beforeEach(() => {
  server.reset()
  server.setDelay(0)
})

const manifest = 'src/site.image.yaml'
const types = '.imagegen/types/src/site.image.d.yaml.ts'

const env = () => ({ LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url })

const run = (cwd: string, ...args: string[]) => runMain(args, cwd, env())

async function runJson(cwd: string, ...args: string[]) {
  const { stdout, code, stderr } = await run(cwd, ...args, '--json')
  return { code, stderr, document: JSON.parse(stdout) }
}

async function blobs(cwd: string): Promise<string[]> {
  const names = await readdir(path.join(cwd, '.imagegen/blobs'), { recursive: true })
  return names.filter(name => name.endsWith('.png'))
}

describe('imagegen check', () => {
  it('finds everything there, whole and current, without a request', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    await run(cwd, 'sync')
    const sent = server.count
    expect(await run(cwd, 'check')).toMatchObject({
      code: 0,
      stdout: '2 images of 1 manifest: all present, intact and current.\n',
    })
    expect(server.count).toBe(sent)
  })

  it('lists all that is wrong, each at its line', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    await run(cwd, 'sync')
    await writeFiles(cwd, {
      [manifest]: `# yaml-language-server: $schema=../none.json\n${SITE}  team:\n    prompt: Six people\n`,
      'src/broken.image.yaml': 'prompt: [\n',
      'src/typo.image.yaml': 'promt: x\nprompt: y\n',
    })
    const { document, code } = await runJson(cwd, 'check')
    expect(code).toBe(1)
    const found = document.problems.map(
      ({ file, line, code }: { file: string; line: number; code: string }) =>
        `${file}:${line} ${code}`,
    )
    expect(found).toEqual(
      expect.arrayContaining([
        `${manifest}:1 SCHEMA_STALE`,
        `${manifest}:11 ORIGINAL_MISSING`,
        `${manifest}:1 TYPES_STALE`,
        'src/typo.image.yaml:1 MANIFEST_INVALID',
      ]),
    )
    expect(found.some((line: string) => line.startsWith('src/broken.image.yaml:'))).toBe(true)
  })

  it('finds what a frozen build would refuse: a picture of another size', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    expect((await run(cwd, 'check')).code).toBe(0)
    await writeFiles(cwd, { 'imagegen.config.json': '{ "onSizeMismatch": "error" }' })
    const { document, code } = await runJson(cwd, 'check')
    expect(code).toBe(1)
    expect(document.problems).toMatchObject([
      { file: manifest, line: 4, image: 'hero', code: 'SIZE_MISMATCH' },
      { file: manifest, line: 7, image: 'hero-night', code: 'SIZE_MISMATCH' },
    ])
    expect(await run(cwd, 'generate')).toMatchObject({ code: 1 })
  })

  it('sees a changed byte of a picture', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    const [blob = ''] = await blobs(cwd)
    const file = path.join(cwd, '.imagegen/blobs', blob)
    const bytes = await readFile(file)
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
    await rm(file)
    await writeFile(file, bytes)
    const { document, code } = await runJson(cwd, 'check')
    expect(code).toBe(1)
    expect(document.problems[0].code).toBe('ORIGINAL_CORRUPT')
  })

  it('annotates lines under GitHub Actions, beside the object on stdout', async () => {
    const cwd = await createSampleProject({ 'a,b:c.image.yaml': 'prompt: x\nsize: 1024x1024\n' })
    const github = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: path.dirname(cwd) }
    const { stdout, stderr } = await runMain(['check', 'a,b:c.image.yaml', '--json'], cwd, github)
    expect(JSON.parse(stdout).problems).toHaveLength(1)
    const file = `${path.basename(cwd)}/a%2Cb%3Ac.image.yaml`
    expect(stderr).toContain(`::error file=${file},line=1,col=9,title=imagegen%3A`)
  })
})

describe('imagegen prune', () => {
  it('lists without deleting, deletes with --yes, and never what is needed', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    await run(cwd, 'generate', `${manifest}#hero`, '--revision', '2')
    const listed = await runJson(cwd, 'prune')
    expect(listed).toMatchObject({
      code: 0,
      document: {
        deleted: false,
        originals: [{ resembles: `${manifest}#hero`, size: '1024x1024' }],
        summary: { originals: 1 },
      },
    })
    expect(await blobs(cwd)).toHaveLength(3)
    expect((await runJson(cwd, 'prune', '--older-than', '1d', '--yes')).document.summary).toEqual({
      originals: 0,
      bytes: 0,
    })
    expect((await run(cwd, 'prune')).stdout).toContain('Add --yes to delete them')
    expect((await runJson(cwd, 'prune', '--yes')).document.deleted).toBe(true)
    expect((await run(cwd, 'check')).code).toBe(0)
    expect((await run(cwd, 'prune')).stdout).toBe('Nothing to prune: every original is needed.\n')
  })

  it('narrows down to earlier versions of what is selected', async () => {
    const cwd = await createSampleProject({
      'logo.image.yaml': 'prompt: A logo\nsize: 1024x1024\n',
    })
    await run(cwd, 'generate', 'logo.image.yaml', `${manifest}#hero`, '--revision', '2')
    const { document } = await runJson(cwd, 'prune', 'logo.image.yaml')
    expect(document.originals).toMatchObject([{ resembles: 'logo.image.yaml#logo' }])
  })

  it('keeps edits while a picture that they refer to is missing', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    await writeFiles(cwd, { [manifest]: SITE.replace('a cliff', 'a rock') })
    const { document } = await runJson(cwd, 'prune', '--yes')
    expect(document.summary.originals).toBe(1)
    expect(document.kept).toMatchObject([{ reason: expect.stringContaining('hero-night') }])
    await writeFiles(cwd, { [manifest]: SITE })
    expect((await runJson(cwd, 'plan')).document.images[0].state).toBe('missing')
    expect(await blobs(cwd)).toHaveLength(1)
  })

  it('keeps what an open attempt refers to', async () => {
    const one = 'prompt: A logo\nsize: 1024x1024\n'
    const bought = await createSampleProject({ [manifest]: one })
    await run(bought, 'generate')
    const cwd = await createSampleProject({ [manifest]: one })
    server.setDelay(60_000)
    const bin = await prepareBin()
    onTestFinished(() => bin.remove())
    await bin.run(['generate'], {
      cwd,
      env: env(),
      onStderr(text, interrupt) {
        if (text.includes(': generating')) interrupt('SIGKILL')
      },
    })
    // The picture comes by another way, say by a pull, while the attempt is still open.
    for (const folder of ['entries', 'blobs']) {
      await cp(path.join(bought, '.imagegen', folder), path.join(cwd, '.imagegen', folder), {
        recursive: true,
      })
    }
    await writeFiles(cwd, { [manifest]: one.replace('logo', 'lighthouse') })
    const { document } = await runJson(cwd, 'prune', '--yes')
    expect(document.summary.originals).toBe(0)
    expect(document.kept).toMatchObject([{ reason: expect.stringContaining('journal') }])
    expect(await blobs(cwd)).toHaveLength(1)
  })

  it('deletes nothing while a manifest cannot be read', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'generate')
    await writeFiles(cwd, { [manifest]: 'images: [' })
    expect(await run(cwd, 'prune', '--yes')).toMatchObject({ code: 1, stdout: '' })
    expect(await blobs(cwd)).toHaveLength(2)
  })

  it('empties the renditions, and nothing else of their folder', async () => {
    const cwd = await createSampleProject({ 'imagegen.config.json': '{ "renditionsDir": "made" }' })
    await mkdir(path.join(cwd, 'made/ab'), { recursive: true })
    await mkdir(path.join(cwd, 'made/mine'), { recursive: true })
    await run(cwd, 'prune', '--renditions')
    expect(await readdir(path.join(cwd, 'made'))).toEqual(['ab', 'manifests', 'mine'])
    await run(cwd, 'prune', '--renditions', '--yes')
    expect(await readdir(path.join(cwd, 'made'))).toEqual(['mine'])
  })
})

describe('imagegen sync', () => {
  it('writes what changed, and only that', async () => {
    const cwd = await createSampleProject({ 'logo.image.yml': 'prompt: A logo\nsize: 1024x1024\n' })
    expect((await runJson(cwd, 'sync')).document).toMatchObject({
      written: [{ file: '.imagegen/types/logo.image.d.yml.ts' }, { file: types, manifest }],
      removed: [],
      summary: { written: 2, current: 0 },
    })
    const before = await stat(path.join(cwd, types))
    expect((await runJson(cwd, 'sync')).document.summary).toMatchObject({ written: 0, current: 2 })
    expect((await stat(path.join(cwd, types))).mtimeMs).toBe(before.mtimeMs)
    expect(server.count).toBe(0)
  })

  it('knows dimensions once the originals are there', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'sync')
    expect(await readFile(path.join(cwd, types), 'utf8')).toContain('readonly width: number')
    await run(cwd, 'generate')
    await run(cwd, 'sync')
    expect(await readFile(path.join(cwd, types), 'utf8')).toContain('readonly width: 64')
  })

  it('removes types of manifests that are gone, its own only', async () => {
    const cwd = await createSampleProject({
      'old/logo.image.yaml': 'prompt: A logo\nsize: 1024x1024\n',
    })
    await run(cwd, 'sync')
    await rm(path.join(cwd, 'old'), { recursive: true })
    await writeFiles(cwd, { '.imagegen/types/by-hand.image.d.yaml.ts': 'export {}' })
    const { document } = await runJson(cwd, 'sync')
    expect(document.removed).toEqual(['.imagegen/types/old/logo.image.d.yaml.ts'])
    expect((await readdir(path.join(cwd, '.imagegen/types'))).sort()).toEqual([
      'by-hand.image.d.yaml.ts',
      'src',
    ])
  })

  it('moves types beside the manifests when the option says so', async () => {
    const cwd = await createSampleProject()
    await run(cwd, 'sync')
    await writeFiles(cwd, { 'imagegen.config.json': '{ "types": "sidecar" }' })
    const { document } = await runJson(cwd, 'sync')
    expect(document).toMatchObject({
      written: [{ file: 'src/site.image.d.yaml.ts' }],
      removed: [types],
    })
  })

  it('writes the others when one manifest has faults, and ends with 1', async () => {
    const cwd = await createSampleProject({ 'broken.image.yaml': 'images: 3\n' })
    const { code, document } = await runJson(cwd, 'sync')
    expect(code).toBe(1)
    expect(document).toMatchObject({
      written: [{ manifest }],
      faults: [{ manifest: 'broken.image.yaml', code: 'MANIFEST_INVALID' }],
    })
  })
})

describe('imagegen init', () => {
  const tsconfig = '{\n  // mine\n  "compilerOptions": { "strict": true }\n}\n'

  async function emptyProject(): Promise<string> {
    const cwd = await createSampleProject({
      'package.json': '{ "devDependencies": { "rollup": "4", "vite": "8" } }',
      'vite.config.ts': '',
      '.gitignore': 'dist',
      'tsconfig.json': tsconfig,
    })
    await rm(path.join(cwd, manifest))
    return cwd
  }

  async function snapshot(cwd: string): Promise<string> {
    const names = (await readdir(cwd, { recursive: true })).sort()
    const hash = createHash('sha256')
    for (const name of names) {
      const file = path.join(cwd, name)
      if ((await stat(file)).isFile()) hash.update(`${name}\n`).update(await readFile(file))
    }
    return hash.digest('hex')
  }

  it('only shows what it would change where nobody can confirm', async () => {
    const cwd = await emptyProject()
    const before = await snapshot(cwd)
    const { code, stdout } = await run(cwd, 'init')
    expect(code).toBe(0)
    expect(stdout).toMatch(/create {2}imagegen\.config\.ts/)
    expect(stdout).toContain('Add --yes to make these changes')
    expect(stdout).toContain("import imagegen from 'unplugin-imagegen/vite'")
    expect(await snapshot(cwd)).toBe(before)
  })

  it('sets a project up that then plans, and changes nothing the second time', async () => {
    const cwd = await emptyProject()
    const { document } = await runJson(cwd, 'init', '--yes')
    expect(document).toMatchObject({ version: 1, bundler: 'vite', applied: true })
    const changed = document.changes.map(({ file }: { file: string }) => file)
    expect(changed).toEqual([
      'imagegen.config.ts',
      'src/hero.image.yaml',
      '.gitignore',
      '.gitattributes',
      'tsconfig.json',
    ])
    expect(await readFile(path.join(cwd, '.gitignore'), 'utf8')).toBe('dist\n.imagegen/local/\n')
    expect(await readFile(path.join(cwd, 'tsconfig.json'), 'utf8')).toContain('// mine')
    const after = await snapshot(cwd)
    expect((await runJson(cwd, 'init', '--yes')).document).toMatchObject({
      changes: [],
      applied: false,
    })
    expect(await snapshot(cwd)).toBe(after)
    expect((await runJson(cwd, 'plan')).document.images).toMatchObject([{ name: 'hero' }])
  })

  it('needs a project', async () => {
    const cwd = await emptyProject()
    await rm(path.join(cwd, 'package.json'))
    expect(await run(cwd, 'init')).toMatchObject({ code: 2 })
  })
})

describe('help', () => {
  it.each(['init', 'plan', 'generate', 'check', 'sync', 'prune', 'gallery'])(
    'of %s teaches by example',
    async command => {
      const cwd = await createSampleProject()
      const { code, stdout, stderr } = await runMain([command, '--help'], cwd)
      expect(code).toBe(0)
      expect(stderr).toBe('')
      expect(stdout).toContain('Examples:')
      expect(stdout).toContain('--json')
    },
  )
})

describe('a project without manifests', () => {
  it.each(['plan', 'generate', 'check', 'sync', 'prune'])(
    'is wrong use of %s, unless there may be none',
    async command => {
      const cwd = await createSampleProject()
      await rm(path.join(cwd, manifest))
      const refused = await run(cwd, command)
      expect(refused.code).toBe(2)
      expect(refused.stderr).toContain(`No manifest was found: nothing below ${cwd} matches`)
      expect(await run(cwd, command, '--allow-empty')).toMatchObject({ code: 0 })
    },
  )
})
