import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

const GUIDE = 'node_modules/unplugin-imagegen/skills/imagegen/SKILL.md'
const repository = path.resolve(import.meta.dirname, '../..')

it('points coding agents to the guide that the package brings, once', async () => {
  const cwd = await createSampleProject()
  const file = path.join(cwd, 'AGENTS.md')
  await runMain(['init', '--yes'], cwd)
  expect(existsSync(file)).toBe(false)

  await runMain(['init', '--yes', '--agents'], cwd)
  const written = await readFile(file, 'utf8')
  expect(written).toMatch(/^## Images\n\n.*each request costs money/)
  expect(written).toContain(GUIDE)
  expect(existsSync(path.join(repository, GUIDE.replace(/^.*?unplugin-imagegen\//, '')))).toBe(true)

  await runMain(['init', '--yes', '--agents'], cwd)
  expect(await readFile(file, 'utf8')).toBe(written)
})

it('leaves what agents read already as it is', async () => {
  const cwd = await createSampleProject({ 'AGENTS.md': '# Harbour\n\nSpeak plainly.\n\n' })
  await runMain(['init', '--yes', '--agents'], cwd)
  expect(await readFile(path.join(cwd, 'AGENTS.md'), 'utf8')).toMatch(
    /^# Harbour\n\nSpeak plainly\.\n\n## Images\n\n/,
  )
})
