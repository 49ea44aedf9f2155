import { spawn } from 'node:child_process'
import { chmod, chown, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createApiServer } from '../api-server/server.ts'
import { filesBelow, makeDependentFolder, temporaryFolder } from '../support/folder.ts'
import { bundleChild, ended } from '../support/run-child.ts'
import { makeOrder, makeOriginals } from './make-originals.ts'

const NOBODY = 65_534

test('a user who may only read the cache gets what is there, and an error before anything is sent', async context => {
  context.skip(process.getuid?.() !== 0, 'Only root can become somebody else.')
  const api = await createApiServer({ scale: 1 / 16 })
  const [folder, dir] = [await makeDependentFolder(), await temporaryFolder()]
  const { originals } = await makeOriginals(dir, api.url)
  for (const prompt of ['One', 'Two']) await originals.acquire(makeOrder(prompt))
  await originals.close()
  const bundle = await bundleChild('originals/children/acquire.ts', folder)
  await chmod(folder, 0o755)
  await chown(folder, NOBODY, NOBODY)
  await chmod(dir, 0o555)
  const before = await filesBelow(dir)
  const acquire = async (...prompts: string[]) => {
    const child = spawn(process.execPath, [bundle, dir, api.url, '2', '0', ...prompts], {
      uid: NOBODY,
      gid: NOBODY,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const { code, output } = await ended(child)
    return {
      code,
      lines: output
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    }
  }

  const warm = await acquire('One', 'Two')
  expect(warm).toMatchObject({ code: 0, lines: [{ how: 'cached' }, { how: 'cached' }] })
  const cold = await acquire('Three')
  expect(cold).toMatchObject({
    code: 3,
    lines: [{ error: expect.stringMatching(/permission was denied\. Give this user access/) }],
  })
  expect(api.count).toBe(2)
  expect(await filesBelow(dir)).toEqual(before)
  expect(await readdir(join(dir, 'local/journal'))).toEqual([])
  await rm(folder, { recursive: true })
  await api.close()
})
