import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openPipeline } from '../../src/api.ts'
import { createProject } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'

const cardOf = (page: string, file: string) =>
  `prompt: Card of page ${page}\noutput: { file: ${file} }\n`

const CLASH =
  'a.image.yaml#a (a.image.yaml:2:17) and b.image.yaml#b would both be emitted as "og.png".'

async function openDrafts(files: Readonly<Record<string, string>>) {
  const { root, ...project } = await createProject(files)
  const pipeline = await openPipeline(
    { mode: 'draft' },
    { cwd: root, readVariable: () => undefined },
  )
  onTestFinished(() => pipeline.close())
  const resolve = (name: string) => pipeline.resolveModule(path.join(root, name))
  return { root, project, resolve }
}

it('is a fault when manifests that a build takes have one file name, whichever comes first', async () => {
  const files = { 'a.image.yaml': cardOf('a', 'og.png'), 'b.image.yaml': cardOf('b', 'og.png') }
  for (const [first, second] of [
    ['a.image.yaml', 'b.image.yaml'],
    ['b.image.yaml', 'a.image.yaml'],
  ] as const) {
    const { resolve } = await openDrafts(files)
    await resolve(first)
    await resolve(first)
    await expect(resolve(second)).rejects.toThrow(`b.image.yaml:2:17 ${CLASH}`)
  }
  const { resolve } = await openDrafts(files)
  const results = await Promise.allSettled(Object.keys(files).map(resolve))
  expect(results.map(({ status }) => status)).toContain('rejected')
})

it('tells names apart as the strictest file system does', async () => {
  const { resolve } = await openDrafts({
    'a.image.yaml': cardOf('a', 'og/caf\u00e9.png'),
    'b.image.yaml': cardOf('b', 'OG/cafe\u0301.png'),
  })
  await resolve('a.image.yaml')
  await expect(resolve('b.image.yaml')).rejects.toThrow(
    'which some file systems treat as the same name',
  )
})

it('forgets a name that was changed, and one whose manifest is gone', async () => {
  const { resolve, project } = await openDrafts({
    'a.image.yaml': cardOf('a', 'og.png'),
    'b.image.yaml': cardOf('b', 'og.png'),
  })
  await resolve('a.image.yaml')
  await expect(resolve('b.image.yaml')).rejects.toThrow(CLASH)
  await project.write({ 'a.image.yaml': cardOf('a', 'card.png') })
  expect((await resolve('b.image.yaml')).images[0]?.files[0]?.fixedName).toBe('og.png')
  await project.write({ 'c.image.yaml': cardOf('c', 'og.png') })
  await expect(resolve('c.image.yaml')).rejects.toThrow('b.image.yaml#b (b.image.yaml:2:17)')
  await project.remove('b.image.yaml')
  expect((await resolve('c.image.yaml')).images[0]?.files[0]?.fixedName).toBe('og.png')
})

it('points to the defaults that a name comes from, and is told by `imagegen check`', async () => {
  const { root } = await createProject({
    'package.json': '{ "name": "site" }',
    'base.yaml': 'defaults:\n  output: { file: og.png }\n',
    'a.image.yaml': 'extends: ./base.yaml\nprompt: Card of page a\n',
    'b.image.yaml': cardOf('b', 'og.png'),
  })
  const { code, stdout } = await runMain(['check', '--json'], root)
  expect(code).toBe(1)
  expect(JSON.parse(stdout).problems).toContainEqual({
    file: 'b.image.yaml',
    line: 2,
    column: 17,
    code: 'MANIFEST_INVALID',
    message: expect.stringContaining(
      'a.image.yaml#a (base.yaml:2:19) and b.image.yaml#b would both',
    ),
  })
})
