import { chmod, lstat, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { setRevision } from '../../src/manifest/edit/edit-revision.ts'
import { rewriteManifest } from '../../src/manifest/edit/rewrite-manifest.ts'
import { createProject, failureOf } from '../support/project.ts'

const TEXT = '\u{feff}# The site.\r\nprompt: A lighthouse # tall\r\nsize: 1024x1024\r\n'
const EDITED = TEXT.replace('prompt', 'revision: 3\r\nprompt')

const edit = (text: string) => setRevision(text, undefined, 3)

test.skipIf(process.platform === 'win32')(
  'keeps mode, links, line ends and the byte order mark, and puts a new file in place',
  async () => {
    const project = await createProject({ 'shared/hero.image.yaml': TEXT })
    const target = path.join(project.root, 'shared/hero.image.yaml')
    const link = path.join(project.root, 'hero.image.yaml')
    await chmod(target, 0o646)
    await symlink(target, link)
    const before = await stat(target)
    await rewriteManifest(link, edit)
    expect(await readFile(target, 'utf8')).toBe(EDITED)
    const after = await stat(target)
    expect(after.mode).toBe(before.mode)
    expect(after.ino).not.toBe(before.ino)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect(await readdir(path.dirname(target))).toEqual(['hero.image.yaml'])
  },
)

test('leaves a manifest alone that changed meanwhile', async () => {
  const project = await createProject({ 'hero.image.yaml': TEXT })
  const file = path.join(project.root, 'hero.image.yaml')
  const theirs = TEXT.replace('tall', 'taller')
  const rewriting = rewriteManifest(file, async text => {
    await writeFile(file, theirs)
    return edit(text)
  })
  expect(await failureOf(rewriting)).toMatchObject({ code: 'MANIFEST_NOT_WRITTEN' })
  expect(await readFile(file, 'utf8')).toBe(theirs)
  expect(await project.files()).toEqual(['hero.image.yaml'])
})

test('writes nothing where nothing changes, or the edit fails', async () => {
  const project = await createProject({ 'hero.image.yaml': EDITED })
  const file = path.join(project.root, 'hero.image.yaml')
  const before = await stat(file)
  await rewriteManifest(file, edit)
  await expect(
    rewriteManifest(file, () => {
      throw new Error('No.')
    }),
  ).rejects.toThrow('No.')
  expect((await stat(file)).ino).toBe(before.ino)
})

test('says what keeps a manifest from being written', async () => {
  const project = await createProject({
    'latin.image.yaml': Buffer.from('prompt: Caf\u00e9\n', 'latin1'),
  })
  const at = (name: string) => path.join(project.root, name)
  const foreign = await failureOf(rewriteManifest(at('latin.image.yaml'), edit))
  expect(foreign.message).toContain('latin.image.yaml is not UTF-8')
  const missing = await failureOf(rewriteManifest(at('none.image.yaml'), edit))
  expect(missing.message).toContain('none.image.yaml could not be written and is unchanged: ENOENT')
})

test('writes nothing into an installed package', async () => {
  const name = 'node_modules/@acme/brand/hero.image.yaml'
  const project = await createProject({ [name]: TEXT })
  const file = path.join(project.root, name)
  const failure = await failureOf(rewriteManifest(file, edit))
  expect(failure).toMatchObject({ code: 'MANIFEST_NOT_WRITTEN' })
  expect(failure.message).toContain('belongs to an installed package, which is read-only here')
  expect(await readFile(file, 'utf8')).toBe(TEXT)
})
