import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createProject, failureOf, open } from '../../support/project.ts'
import { aPicture, sampleProvider } from './sample-provider.ts'

const baseURL = undefined as unknown as string

test('an answer that was kept becomes a picture with its facts, and its provider is not asked', async () => {
  const project = await createProject({ 'hero.image.yaml': 'prompt: A lighthouse\n' })
  const cache = path.join(project.root, '.imagegen')
  await mkdir(cache)
  // The place of the blobs is taken: nothing can be committed.
  await writeFile(path.join(cache, 'blobs'), '')
  const facts = Promise.resolve({ seed: 7, warnings: ['The seed was rounded.'] })
  const use = sampleProvider(async () => ({ picture: await aPicture(), facts }))
  const first = await open(project, baseURL, { provider: { use } })
  expect((await failureOf(first.pipeline.generate())).message).toContain('complete answer is in')
  await first.pipeline.close()
  await rm(path.join(cache, 'blobs'))

  let calls = 0
  const later = await open(project, baseURL, {
    provider: {
      use: sampleProvider(() => {
        calls += 1
        throw new Error('asked')
      }),
    },
  })
  await later.pipeline.generate()
  expect(calls).toBe(0)
  const entries: unknown[] = []
  for await (const { entry } of later.pipeline.originals.list()) entries.push(entry)
  expect(entries).toMatchObject([{ version: 2, facts: { seed: 7 } }])
  expect(later.warnings().join()).toContain('The seed was rounded.')
})

test('half a picture of a run that was cut short is uncertain, not unusable', async () => {
  const project = await createProject({ 'hero.image.yaml': 'prompt: A lighthouse\n' })
  const picture = await aPicture()
  const use = sampleProvider(() => ({
    picture: (async function* () {
      yield picture.subarray(0, picture.length >> 1)
      throw new Error('gone')
    })(),
  }))
  const first = await open(project, baseURL, { provider: { use } })
  await failureOf(first.pipeline.generate())
  await first.pipeline.close()
  // As if the process had died before it noted the outcome.
  const files = await project.files('.imagegen/local/journal')
  expect(files.some(file => file.endsWith('.answer.part'))).toBe(true)
  for (const file of files) if (file.endsWith('.outcome.json')) await project.remove(file)

  const provider = { use: sampleProvider(), retry: { uncertain: 'stop' as const } }
  const later = await open(project, baseURL, { provider })
  expect((await failureOf(later.pipeline.generate())).message).toContain(
    '`retry.uncertain` is "stop"',
  )
  expect((await later.pipeline.plan()).images[0]?.status.state).toBe('uncertain')
  expect(await project.files('.imagegen/local/quarantine')).toEqual([])
})
