import { createHash } from 'node:crypto'
import { cp, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { exportImages } from '../../src/api.ts'
import { makeDependentFolder } from '../support/folder.ts'
import { createProject, open, type Project, startApi } from '../support/project.ts'
import {
  bundleChild,
  canInjectFaults,
  ended,
  runWithFaults,
  spawnChild,
  traceCalls,
} from '../support/run-child.ts'
import { FILES, missingFiles, SITE, TARGET } from './sample-export.ts'

let child = ''
beforeAll(async () => {
  const folder = await makeDependentFolder()
  child = await bundleChild('export/children/export-once.ts', folder, 'external')
  return () => rm(folder, { recursive: true })
})

const AFTER = SITE.replace('A lamp\n', 'Another lamp\n')
  .replace('A lamp at night', 'Dusk')
  .replace('[16, 32]', '[24, 32]')

interface Prepared {
  /** Exported, and then changed, with all pictures there: the next export replaces and removes. */
  readonly before: Project
  /** What that export leads to. */
  readonly after: Readonly<Record<string, string>>
}

async function prepare(): Promise<Prepared> {
  const api = await startApi()
  const before = await createProject(FILES)
  const { pipeline } = await open(before, api.url)
  await exportImages(pipeline, TARGET)
  await before.write({ 'src/site.image.yaml': AFTER })
  const elsewhere = { ...TARGET, out: 'other/img' }
  await exportImages(pipeline, { ...elsewhere, data: 'other/images.json' })
  await pipeline.close()
  await before.remove('other')
  const [list = ''] = (await before.files('.imagegen/exports')).filter(name => /\/other/.test(name))
  await before.remove(list)
  const whole = await copyOf(before)
  await ended(spawnChild(child, whole.root))
  return { before, after: await contentsOf(whole) }
}

/** The same project at another place. */
async function copyOf({ root }: Project): Promise<Project> {
  const copy = await createProject({})
  await cp(root, copy.root, { recursive: true })
  return copy
}

/** Everything that is exported, the list of it, and nothing else that is there. */
async function contentsOf(project: Project): Promise<Readonly<Record<string, string>>> {
  const names = await Promise.all(
    ['public', 'data', '.imagegen/exports'].map(folder => project.files(folder)),
  )
  const contents = await Promise.all(
    names.flat().map(async name => {
      const bytes = await readFile(path.join(project.root, name))
      return [name, createHash('sha256').update(bytes).digest('hex')] as const
    }),
  )
  return Object.fromEntries(contents)
}

const kinds = ['mkdir', 'openat', 'write', 'copy_file_range', 'rename', 'unlink', 'rmdir', 'link']

/** Three at a time: most of a run is waiting. */
async function forEach(numbers: readonly number[], run: (number: number) => Promise<void>) {
  const left = numbers.values()
  const lane = async () => {
    for (const number of left) await run(number)
  }
  await Promise.all([lane(), lane(), lane()])
}

describe.skipIf(!canInjectFaults)('an export under strace', () => {
  test('SIGKILL at every system call that changes files leaves a whole state, and the next run ends the work', async () => {
    const { before, after } = await prepare()
    const traced = await copyOf(before)
    const lines = await traceCalls(kinds, child, traced.root)
    const isOfFiles = (line: string) =>
      /\/(?:public|data|exports)\b/.test(line) && line.includes(traced.root)
    const strikes = kinds.flatMap(call => {
      const calls = lines.filter(line => line.includes(` ${call}(`))
      return calls.flatMap((line, index) => {
        const writes = call !== 'openat' || /O_CREAT/.test(line)
        return isOfFiles(line) && writes ? [{ call, when: index + 1 }] : []
      })
    })
    const kills: string[] = []
    await forEach([...strikes.keys()], async number => {
      const { call, when } = strikes[number] ?? expect.unreachable()
      const fault = `${call}:signal=KILL:when=${when}`
      const project = await copyOf(before)
      const { signal } = await runWithFaults([fault], child, project.root)
      if (signal === 'SIGKILL') kills.push(call)
      expect(await missingFiles(project), fault).toEqual([])
      const { code, output } = await ended(spawnChild(child, project.root))
      expect(code, `${fault}\n${output}`).toBe(0)
      expect(await contentsOf(project), fault).toEqual(after)
    })
    for (const call of ['openat', 'rename', 'unlink', 'write']) expect(kills).toContain(call)
    expect(kills.length).toBeGreaterThan(20)
  })

  test('a file that another program keeps open is tried again', async () => {
    const { before, after } = await prepare()
    const project = await copyOf(before)
    const lines = await traceCalls(['rename'], child, (await copyOf(before)).root)
    const index = lines.findIndex(line => line.includes('/public/img/og'))
    expect(index).toBeGreaterThanOrEqual(0)
    const fault = `rename:error=EBUSY:when=${index + 1}`
    const { code, output } = await runWithFaults([fault], child, project.root)
    expect(code, output).toBe(0)
    expect(await contentsOf(project)).toEqual(after)
  })

  test('a file that another program never closes, and a folder that cannot be written, are named', async () => {
    const { before } = await prepare()
    const project = await copyOf(before)
    const earlier = await contentsOf(project)
    const lines = await traceCalls(['rename'], child, (await copyOf(before)).root)
    const first = lines.findIndex(line => line.includes('/public/img/')) + 1
    const busy = await runWithFaults([`rename:error=EBUSY:when=${first}+`], child, project.root)
    expect(busy).toMatchObject({
      code: 3,
      output: expect.stringMatching(
        /\/public\/img\/\S+.* could not be replaced: another program has it open\. Close it there and export again\.$/,
      ),
    })
    const denied = await runWithFaults([`rename:error=EACCES:when=${first}+`], child, project.root)
    expect(denied.output).toMatch(
      /could not be written: permission was denied\. Give this user access/,
    )
    expect(await missingFiles(project)).toEqual([])
    const now = await contentsOf(project)
    for (const name of Object.keys(earlier).filter(name => !name.startsWith('.imagegen/'))) {
      expect(now[name], name).toBe(earlier[name])
    }
  })
})

test('ten exports at once to one place lead to the same as one', async () => {
  const { before, after } = await prepare()
  const project = await copyOf(before)
  const ends = await Promise.all(
    Array.from({ length: 10 }, () => ended(spawnChild(child, project.root, '60000'))),
  )
  expect(ends.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual(Array(10).fill(0))
  const written = ends.map(({ output }) => JSON.parse(output).written.length)
  expect(written.filter(count => count > 0)).toHaveLength(1)
  expect(await contentsOf(project)).toEqual(after)
  // Nothing is left of how they agreed.
  expect(await project.files('.imagegen/local/leases')).toEqual([])
})
