import { execFileSync } from 'node:child_process'
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Manifest } from '../../src/manifest/manifest.ts'
import { createManifestParser } from '../../src/manifest/manifest-parser.ts'
import { readManifest } from '../../src/manifest/read-manifest.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'
import { SAMPLE_PROVIDER } from './sample-provider.ts'

let folder: string
let root: string

beforeEach(async () => {
  folder = await makeFolder()
  root = join(folder, 'project')
  await mkdir(root)
})
afterEach(() => removeFolder(folder))

async function write(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), content)
}

function read(name = 'a.image.yaml'): Promise<Manifest> {
  const parse = createManifestParser({ root, provider: SAMPLE_PROVIDER })
  return readManifest(join(root, name), { root }, parse)
}

test('a chain of extends, the nearer over the farther', async () => {
  await write('src/a.image.yaml', 'extends: ../brand/b.image.yaml\nprompt: "{{x}}"\n')
  await write(
    'brand/b.image.yaml',
    'extends: ./c.yaml\nvars: { x: b }\nimages:\n  z: { prompt: z }\n',
  )
  await write('brand/c.yaml', 'vars: { x: c }\ndefaults: { size: 1536x1024 }\n')
  const manifest = await read('src/a.image.yaml')
  expect(manifest.extends).toEqual(['brand/c.yaml', 'brand/b.image.yaml'])
  expect(manifest.images).toMatchObject([{ prompt: 'b', size: '1536x1024' }])
})

test('a circle of extends is an error that names it', async () => {
  await write('a.image.yaml', 'prompt: x\nextends: ./b.yaml\n')
  await write('b.yaml', '\nextends: ./a.image.yaml\n')
  await expect(read()).rejects.toThrow(
    /^b\.yaml:2:10 .* a\.image\.yaml → b\.yaml → a\.image\.yaml\./,
  )
})

test('a chain of more than eight is an error', async () => {
  await write('a.image.yaml', 'prompt: x\nextends: ./1.yaml\n')
  for (let i = 1; i < 10; i += 1) await write(`${i}.yaml`, `extends: ./${i + 1}.yaml\n`)
  await write('8.yaml', 'vars: {}\n')
  expect((await read()).extends).toHaveLength(8)
  await write('8.yaml', 'extends: ./9.yaml\n')
  await write('9.yaml', 'vars: {}\n')
  await expect(read()).rejects.toThrow('More than 8 manifests')
})

test('what is extended must be there, and inside the project', async () => {
  await write('brand.yaml', 'vars: {}\n')
  await write('a.image.yaml', 'prompt: x\nextends: ./brnd.yaml\n')
  await expect(read()).rejects.toThrow(
    'a.image.yaml:2:10 "./brnd.yaml" cannot be read: the file does not exist. Did you mean `brand.yaml`?',
  )
  await write('a.image.yaml', 'prompt: x\nextends: ../out.yaml\n')
  await expect(read()).rejects.toThrow('leads out of the project')
  await writeFile(join(folder, 'out.yaml'), 'vars: {}\n')
  await symlink(join(folder, 'out.yaml'), join(root, 'link.yaml'))
  await write('a.image.yaml', 'prompt: x\nextends: ./link.yaml\n')
  await expect(read()).rejects.toThrow('through a symlink')
})

test('a file that is no manifest is an error that says why', async () => {
  await expect(read()).rejects.toThrow(
    'a.image.yaml:1:1 The manifest cannot be read: the file does not exist.',
  )
  await write('a.image.yaml', `prompt: x\n${'#'.repeat(1024 * 1024)}`)
  await expect(read()).rejects.toThrow('larger than 1 MiB')
  await write('a.image.yaml', Buffer.from('prompt: x\nalt: caf\xe9\n', 'latin1'))
  await expect(read()).rejects.toThrow('a.image.yaml:2:9 The manifest is not valid UTF-8.')
  await mkdir(join(root, 'b.image.yaml'))
  await expect(read('b.image.yaml')).rejects.toThrow('not a regular file')
})

test.skipIf(process.platform === 'win32')('a pipe is not waited for', async () => {
  execFileSync('mkfifo', [join(root, 'a.image.yaml')])
  await expect(read()).rejects.toThrow('not a regular file')
})

test('exactly 1 MiB, with a byte order mark, is read', async () => {
  const start = '\u{feff}prompt: x\n#'
  await write('a.image.yaml', start + '#'.repeat(1024 * 1024 - Buffer.byteLength(start)))
  expect((await read()).images).toMatchObject([{ prompt: 'x', at: { line: 1, column: 9 } }])
})

const SECRET = 'API_KEY=sk-canary-0123\n'

/** Projects that name something else as a manifest, and what they are told. */
const DISGUISES: readonly (readonly [string, string, Readonly<Record<string, string>>, RegExp])[] =
  [
    [
      'an extended .env',
      'extends: ./.env\nprompt: x\n',
      { '.env': SECRET },
      /^a\.image\.yaml:1:10 "\.\/\.env" is not named/,
    ],
    [
      'a reference to a .env',
      'prompt: x\nreferences: [{ manifest: ./.env, image: y }]\n',
      { '.env': SECRET },
      /^a\.image\.yaml:2:26 "\.\/\.env" is not named/,
    ],
    [
      'a link to a .env',
      'extends: ./l.yaml\nprompt: x\n',
      { '.env': SECRET },
      /:1:10 .*leads to a file that is not named/,
    ],
    [
      'a password file',
      'extends: ./p.yaml\nprompt: x\n',
      { 'p.yaml': 'sk-canary: &x [1\nvars: *y' },
      /^p\.yaml:\d+:\d+ This is not valid in a manifest\. The line is hidden/,
    ],
    [
      'a text',
      'extends: ./p.yaml\nprompt: x\n',
      { 'p.yaml': 'sk-canary' },
      /^p\.yaml:1:1 This is not valid/,
    ],
  ]

test.each(DISGUISES)('no fault shows %s', async (_name, text, files, message) => {
  await write('a.image.yaml', text)
  for (const [name, content] of Object.entries(files)) await write(name, content)
  await symlink(join(root, '.env'), join(root, 'l.yaml'))
  const error: unknown = await read().catch((error: unknown) => error)
  expect(error).toMatchObject({ message: expect.stringMatching(message) })
  expect(inspect(error, { depth: 9 })).not.toContain('canary')
})

test('a manifest that is a link out of the project, or to another kind of file, is not read', async () => {
  await write('.env', SECRET)
  await writeFile(join(folder, 'out.image.yaml'), SECRET)
  for (const [target, message] of [
    [join(root, '.env'), 'leads to a file that is not named like a manifest'],
    [join(folder, 'out.image.yaml'), 'lies outside the project'],
  ] as const) {
    await rm(join(root, 'a.image.yaml'), { force: true })
    await symlink(target, join(root, 'a.image.yaml'))
    await expect(read()).rejects.toThrow(message)
    await expect(read()).rejects.not.toThrow('canary')
  }
  await expect(read('.env')).rejects.toThrow(/^\.env:1:1 The file is not named like a manifest/)
})

test('what is extended may be called otherwise, and its own faults are shown', async () => {
  await write('a.image.yaml', 'extends: ./brand.yaml\nprompt: x\n')
  await write('brand.yaml', 'defaults: { sise: 1024x1024 }\n')
  await expect(read()).rejects.toThrow('brand.yaml:1:13 Unknown key `sise`')
  await expect(read()).rejects.toThrow('  1 | defaults: { sise: 1024x1024 }')
})
