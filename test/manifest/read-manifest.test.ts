import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../src/config/presets.ts'
import type { Manifest } from '../../src/manifest/manifest.ts'
import { createManifestParser } from '../../src/manifest/manifest-parser.ts'
import { readManifest } from '../../src/manifest/read-manifest.ts'

let folder: string
let root: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imagegen-manifest-'))
  root = join(folder, 'project')
  await mkdir(root)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true })
  await writeFile(join(root, name), content)
}

function read(name = 'a.image.yaml'): Promise<Manifest> {
  const { acceptsSize } = PRESETS.llmeasy
  const parse = createManifestParser({ root, acceptsSize })
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
    'a.image.yaml:2:10 "./brnd.yaml" cannot be read: there is no such file. Did you mean `brand.yaml`?',
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
    'a.image.yaml:1:1 The manifest cannot be read: there is no such file.',
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
