import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createManifestChanges } from '../../src/gallery/server/changes/manifest-changes.ts'
import { createProject } from '../support/project.ts'

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

async function start(text = 'two') {
  const { root } = await createProject({ 'site.image.yaml': text })
  const file = path.join(root, 'site.image.yaml')
  const cacheDir = path.join(root, '.imagegen')
  const folder = path.join(cacheDir, 'local', 'undo')
  return {
    folder,
    /** As a server that was started does it. */
    open: () => createManifestChanges({ root, cacheDir }),
    write: (content: string) => writeFile(file, content),
    read: () => readFile(file, 'utf8'),
    stored: async () => (await readdir(folder)).filter(name => name.endsWith('.json')).sort(),
  }
}

const change = (before: string, after: string) => ({ image: HERO, label: 'prompt', before, after })

test('a change can be undone after a restart, and holds only what differs', async () => {
  const { open, read, folder, stored, write } = await start()
  const before = 'api: sk-secret-of-another-line\nprompt: A lighthouse 🌊\n'
  const after = before.replace('lighthouse 🌊', 'lamp 🌀')
  await write(after)
  expect(await open().add(change(before, after))).toBeUndefined()
  const [name = ''] = await stored()
  const kept = await readFile(path.join(folder, name), 'utf8')
  expect(kept).not.toContain('sk-secret')
  expect(kept.length).toBeLessThan(500)
  expect(await readFile(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n')

  const restarted = open()
  const { changes = [] } = await restarted.list()
  expect(changes).toMatchObject([{ image: HERO, label: 'prompt', manifest: 'site.image.yaml' }])
  expect(changes[0]).not.toHaveProperty('refusal')
  await restarted.undo(changes[0]?.id ?? '')
  expect(await read()).toBe(before)
  expect(await stored()).toEqual([])
  await expect(open().undo(changes[0]?.id ?? '')).rejects.toThrow('not known any more')
})

test('a change is not undone over what another program wrote, also after a restart', async () => {
  const { open, read, write } = await start()
  await open().add(change('one', 'two'))
  await write('two and more')
  const { changes = [] } = await open().list()
  expect(changes[0]?.refusal).toContain('site.image.yaml changed since')
  await expect(open().undo(changes[0]?.id ?? '')).rejects.toThrow('changed since')
  expect(await read()).toBe('two and more')
})

test('changes of two servers stand in one order, and the oldest beyond fifty go', async () => {
  // All within one millisecond.
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const { open, stored } = await start()
  const [first, second] = [open(), open()]
  for (let number = 0; number < 26; number += 1) {
    await first.add({ ...change('one', 'two'), label: `a${number}` })
    await second.add({ ...change('one', 'two'), label: `b${number}` })
  }
  expect(await stored()).toHaveLength(50)
  const { changes = [] } = await second.list()
  const labels = changes.map(({ label }) => label)
  expect(labels).toHaveLength(50)
  expect(labels).not.toContain('a0')
  expect(labels.slice(0, 3)).toEqual(['b25', 'a25', 'b24'])
  expect(labels.slice(-2)).toEqual(['b1', 'a1'])
})

test('of changes with many bytes the oldest go', async () => {
  const { open, stored } = await start()
  const changes = open()
  const long = 'x'.repeat(3 * 1024 * 1024)
  for (let number = 0; number < 8; number += 1) await changes.add(change('', `${number}${long}`))
  expect(await stored()).toHaveLength(5)
})

test('a damaged file is named, stays where it is, and hides no other change', async () => {
  const { open, folder, stored, read } = await start()
  await open().add(change('one', 'two'))
  const damaged = `9999999999999-${'0'.repeat(36)}.json`
  await writeFile(path.join(folder, damaged), '{"version":2,')
  const { changes = [], changesProblem } = await open().list()
  expect(changesProblem).toBe(
    `.imagegen/local/undo/${damaged} cannot be read: damaged, or written by a newer version. What it describes cannot be undone here; all other changes can, and the manifests are as they were. Delete it when you do not need it.`,
  )
  expect(changes).toHaveLength(1)
  await open().undo(changes[0]?.id ?? '')
  expect(await read()).toBe('one')
  expect(await stored()).toEqual([damaged])
})

test('a file that names a manifest outside the project is none of ours', async () => {
  const { open, folder, stored } = await start()
  await open().add(change('one', 'two'))
  const [name = ''] = await stored()
  const file = path.join(folder, name)
  const text = await readFile(file, 'utf8')
  for (const manifest of [
    '../x.image.yaml',
    'a/../../x.image.yaml',
    '/x.image.yaml',
    'C:/x.yaml',
  ]) {
    await writeFile(file, text.replace('site.image.yaml', manifest))
    const { changes, changesProblem } = await open().list()
    expect([manifest, changes]).toEqual([manifest, []])
    expect(changesProblem).toContain('cannot be read')
  }
})

test('without a folder to write to, a change can be undone until the server stops', async () => {
  const { open, folder, read } = await start()
  await mkdir(path.dirname(folder), { recursive: true })
  await writeFile(folder, 'a file in its place')
  const changes = open()
  expect(await changes.add(change('one', 'two'))).toMatch(
    /^site\.image\.yaml was written\. The change can be undone only until the server stops/,
  )
  const listed = await changes.list()
  expect(listed.changesProblem).toContain(
    'Earlier changes cannot be undone here: .imagegen/local/undo',
  )
  expect(listed.changes).toHaveLength(1)
  await changes.undo(listed.changes?.[0]?.id ?? '')
  expect(await read()).toBe('one')
  await rm(folder)
  expect(await changes.list()).toEqual({ changes: [], changesProblem: '' })
})
