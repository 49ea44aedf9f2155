import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { OriginalEntry } from '../../src/originals/original.ts'
import { entryName, serializeEntry } from '../../src/originals/store/entry/entry.ts'
import { requestKey } from '../../src/plan/request-key.ts'
import { createProject, failureOf, open, type Project, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'

/** Texts of a manifest, and the prompts that 0.1.0 sent for them. */
const TEXTS: readonly (readonly [string, string, string])[] = [
  [
    'blanks at line ends',
    'prompt: |\n  A lighthouse  \n  on a cliff\t\n  at dawn\n',
    'A lighthouse  \non a cliff\t\nat dawn',
  ],
  [
    'blanks where a line is folded',
    'prompt: >\n  A lighthouse  \n  at dawn\n',
    'A lighthouse   at dawn',
  ],
  [
    'numbers that JavaScript prints in another way',
    'vars: { v: 1.10, agent: 007, n: 12345678901234567890 }\nprompt: "v{{v}}, agent {{agent}}, {{n}}"\n',
    'v1.1, agent 7, 12345678901234567000',
  ],
  [
    'both, in an edit',
    'vars: { v: 5.00 }\nprompt: |\n  Version {{v}}  \n  in blue\nreferences: [./a.png]\n',
    'Version 5  \nin blue',
  ],
]

/** A project whose cache has the picture of its image as 0.1.0 kept it, and nothing else. */
async function createOldProject(text: string, sent: string, url: string) {
  const project = await createProject({ 'hero.image.yaml': text, 'a.png': PIXEL })
  const { pipeline } = await open(project, url)
  await pipeline.generate()
  await pipeline.close()
  const [name = ''] = await project.files('.imagegen/entries')
  const entry: OriginalEntry = JSON.parse(await readFile(path.join(project.root, name), 'utf8'))
  const request = { ...entry.request, prompt: sent }
  const old = { ...entry, key: requestKey(request), request }
  await rm(path.join(project.root, name))
  await project.remove('.imagegen/local')
  const file = path.join(project.root, '.imagegen', entryName(old.key))
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, serializeEntry(old))
  return { project, newKey: entry.key, old }
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function entriesOf(project: Project): Promise<readonly string[]> {
  const files = await project.files('.imagegen/entries')
  return files.map(file => path.basename(file, '.json')).sort()
}

describe.each(TEXTS)('a picture that 0.1.0 kept for %s', (_name, text, sent) => {
  test('is adopted without a request', async () => {
    const api = await startApi()
    const { project, newKey, old } = await createOldProject(text, sent, api.url)
    const before = api.count
    expect(old.key).not.toBe(newKey)
    const { pipeline } = await open(project, api.url)
    const report = await pipeline.generate()
    expect(report.images.map(({ outcome }) => outcome)).toEqual(['cached'])
    expect(api.count).toBe(before)
    expect(await entriesOf(project)).toEqual([newKey, old.key].sort())
    const look = await pipeline.originals.status(newKey)
    expect(look).toMatchObject({
      state: 'ready',
      original: { entry: { digest: old.digest, facts: { adoptedFrom: old.key } } },
    })

    // What has been adopted is found when the blanks are gone, or the number is put in quotes.
    await pipeline.originals.remove(old.key)
    await pipeline.close()
    const again = await open(project, api.url, { mode: 'frozen' })
    await again.pipeline.generate()
    expect(api.count).toBe(before)
  })

  test('is used where nothing can be written, and in frozen mode', async () => {
    const api = await startApi()
    const { project, old } = await createOldProject(text, sent, api.url)
    const before = api.count
    await makeReadOnly(project)
    const { pipeline } = await open(project, api.url, { mode: 'frozen' })
    const { images } = await pipeline.plan()
    expect(images).toMatchObject([{ status: { state: 'ready' }, earlierKey: old.key }])
    await pipeline.generate()
    expect(api.count).toBe(before)
    expect(await entriesOf(project)).toEqual([old.key])
  })

  test('is there for plan and check, and prune does not list it', async () => {
    const api = await startApi()
    const { project, old } = await createOldProject(text, sent, api.url)
    const before = api.count
    const plan = await runMain(['plan', '--json'], project.root, { LLMEASY_BASE_URL: api.url })
    expect(JSON.parse(plan.stdout).summary).toMatchObject({ missing: 0 })
    expect(await runMain(['check'], project.root)).toMatchObject({ code: 0 })
    const pruned = await runMain(['prune', '--yes', '--json'], project.root)
    expect(JSON.parse(pruned.stdout)).toMatchObject({ originals: [] })
    expect(await entriesOf(project)).toContain(old.key)
    expect(api.count).toBe(before)
  })

  test('is not asked for again when it is damaged', async () => {
    const api = await startApi()
    const { project, old } = await createOldProject(text, sent, api.url)
    const before = api.count
    await project.write({ [`.imagegen/${entryName(old.key)}`]: '{' })
    const { pipeline } = await open(project, api.url)
    const error = await failureOf(pipeline.generate())
    expect(error.message).toContain(old.key)
    expect(api.count).toBe(before)
  })
})

/** Until the test ends, nothing can be written to the cache: root, who always can, becomes nobody. */
async function makeReadOnly({ root }: Project): Promise<void> {
  const cache = path.join(root, '.imagegen')
  const inside = await readdir(cache, { recursive: true, withFileTypes: true })
  const folders = inside.filter(entry => entry.isDirectory())
  const all = [cache, ...folders.map(({ parentPath, name }) => path.join(parentPath, name))]
  const setMode = (mode: number) => Promise.all(all.map(folder => chmod(folder, mode)))
  await chmod(root, 0o755)
  await setMode(0o555)
  const user = process.geteuid?.()
  if (user === 0) process.seteuid?.('nobody')
  onTestFinished(async () => {
    if (user === 0) process.seteuid?.(user)
    await setMode(0o755)
  })
}
