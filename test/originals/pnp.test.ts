import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { makeDependentFolder, temporaryFolder } from '../support/folder.ts'
import { bundleChild, ended, spawnChild } from '../support/run-child.ts'
import { makeOrder, makeOriginals } from './make-originals.ts'

const YARN = createRequire(import.meta.url).resolve('@yarnpkg/cli-dist/bin/yarn.js')

let api: ApiServer
let folder = ''
beforeAll(async () => {
  folder = await makeDependentFolder()
  api = await createApiServer({ scale: 1 / 16 })
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

/** What Yarn puts in front of every program of a project, made without a network. */
async function installPnp(): Promise<string> {
  const project = await temporaryFolder()
  await writeFile(join(project, 'package.json'), '{"name":"p","private":true}')
  await writeFile(join(project, 'yarn.lock'), '')
  await writeFile(
    join(project, '.yarnrc.yml'),
    'nodeLinker: pnp\nenableTelemetry: false\nenableNetwork: false\nenableGlobalCache: false\nenableImmutableInstalls: false\n',
  )
  const { code, output } = await ended(spawn(process.execPath, [YARN, 'install'], { cwd: project }))
  expect(output).toContain('Done')
  expect(code).toBe(0)
  return join(project, '.pnp.cjs')
}

test('under Yarn’s Plug’n’Play, whose file handles have no sync(), pictures are made and kept', async () => {
  const pnp = await installPnp()
  const dir = join(await temporaryFolder(), 'cache')
  const child = await bundleChild('originals/children/acquire.ts', folder)
  const outcome = await ended(
    spawnChild('--require', pnp, child, dir, api.url, '2', '0', 'Low tide', 'High tide'),
  )
  expect(outcome.output).not.toContain('error')
  expect(outcome.code).toBe(0)
  expect(api.count).toBe(2)

  const { originals } = await makeOriginals(dir, api.url)
  for (const prompt of ['Low tide', 'High tide']) {
    const found = await originals.status(makeOrder(prompt).key)
    if (found.state !== 'ready') expect.unreachable(found.state)
    await originals.verify(found.original)
  }
  await originals.close()
})
