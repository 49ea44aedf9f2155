import { execFileSync } from 'node:child_process'
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openReferenceFile } from '../../src/plan/files/open-reference-file.ts'
import { sha256 } from '../../src/system/digest.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'

const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`

const subject = 'site.image.yaml:3:17 (team)'
let folder: string
let root: string

beforeEach(async () => {
  folder = await makeFolder()
  root = path.join(folder, 'site')
  await mkdir(root)
})
afterEach(() => removeFolder(folder))

function picture(format: 'png' | 'jpeg' | 'webp' | 'gif'): Promise<Buffer> {
  const blank = { width: 2, height: 2, channels: 3 as const, background: '#38bdf8' }
  return sharp({ create: blank }).toFormat(format).toBuffer()
}

function openIn(name: string) {
  return openReferenceFile(subject, path.join(root, name), { root })
}

test.each(['png', 'jpeg', 'webp'] as const)('a %s counts by its bytes', async format => {
  const bytes = await picture(format)
  // The content counts, not the extension.
  await writeFile(path.join(root, 'ana.dat'), bytes)
  const reference = await openIn('ana.dat')
  expect(reference).toMatchObject({
    fileName: 'ana.dat',
    type: `image/${format}`,
    size: bytes.length,
    digest: sha256(bytes),
  })
  expect(await reference.bytes()).toEqual(bytes)
})

test('a file that changes between plan and request is not sent', async () => {
  await writeFile(path.join(root, 'ana.png'), await picture('png'))
  const reference = await openIn('ana.png')
  await writeFile(path.join(root, 'ana.png'), await picture('webp'))
  await expect(reference.bytes()).rejects.toThrow(/ana\.png changed while it was in use/)
})

describe('refused, with the place where it is written', () => {
  const refused: [string, (file: string) => Promise<unknown>, string][] = [
    ['missing', async () => {}, 'does not exist'],
    ['a directory', file => mkdir(file), 'is not a regular file'],
    ['a FIFO', async file => execFileSync('mkfifo', [file]), 'is not a regular file'],
    ['SVG', file => writeFile(file, '<svg xmlns="http://www.w3.org/2000/svg"/>'), 'is not a PNG'],
    ['empty', file => writeFile(file, ''), 'is not a PNG'],
    ['GIF', async file => writeFile(file, await picture('gif')), 'is not a PNG'],
    [
      'a Git LFS pointer',
      file => writeFile(file, POINTER),
      'is a Git LFS pointer instead of the file itself. Run `git lfs pull`',
    ],
    [
      'missing, but for upper and lower case',
      async file => writeFile(file.replace('bad', 'Bad'), await picture('png')),
      'does not exist, but Bad.png does',
    ],
    [
      'too large',
      async file => {
        await writeFile(file, await picture('png'))
        await truncate(file, 50_000_001)
      },
      'has 50000001 bytes, but the limit is 50000000',
    ],
    [
      'a link that leads out of the project',
      async file => {
        await writeFile(path.join(folder, 'secret.png'), await picture('png'))
        await symlink(path.join(folder, 'secret.png'), file)
      },
      'lies outside the project',
    ],
  ]
  test.each(refused)('%s', async (_, make, problem) => {
    await make(path.join(root, 'bad.png'))
    await expect(openIn('bad.png')).rejects.toThrowError(
      expect.objectContaining({
        code: 'REFERENCE_INVALID',
        message: expect.stringContaining(`${subject}: reference bad.png ${problem}`),
      }),
    )
  })

  test('outside the project', async () => {
    await writeFile(path.join(folder, 'site-secret.png'), await picture('png'))
    await expect(openIn('../site-secret.png')).rejects.toThrow(
      'reference ../site-secret.png lies outside the project',
    )
  })
})

test('a reference in another Unicode form, in a folder of another case, is named', async () => {
  await mkdir(path.join(root, 'Refs'))
  await writeFile(path.join(root, 'Refs', 'n\u{e9}a.png'), await picture('png'))
  await expect(openIn('refs/ne\u{301}a.png')).rejects.toThrow(
    'does not exist, but Refs/n\u{e9}a.png does. It differs only in',
  )
})
