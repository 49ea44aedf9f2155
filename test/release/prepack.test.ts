import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/folder.ts'

const root = path.resolve(import.meta.dirname, '../..')

test('a package that is not built, or built in part, cannot be packed', async () => {
  const folder = await temporaryFolder()
  await cp(path.join(root, 'build/prepack.ts'), path.join(folder, 'build/prepack.ts'))
  const packageJson = {
    type: 'module',
    bin: { tool: './dist/bin.mjs' },
    exports: { '.': { types: './dist/index.d.mts', default: './dist/index.mjs' } },
  }
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(packageJson))
  const prepack = () =>
    promisify(execFile)(
      process.execPath,
      [path.join(root, 'node_modules/.bin/jiti'), 'build/prepack.ts'],
      { cwd: folder },
    )

  await expect(prepack()).rejects.toMatchObject({
    stderr:
      'Not built: ./dist/index.d.mts, ./dist/index.mjs, ./dist/bin.mjs. Run `npm run build` first.\n',
  })
  await mkdir(path.join(folder, 'dist'))
  for (const name of ['index.d.mts', 'index.mjs', 'bin.mjs']) {
    await writeFile(path.join(folder, 'dist', name), '')
  }
  expect(await prepack()).toEqual({ stdout: '', stderr: '' })
})
