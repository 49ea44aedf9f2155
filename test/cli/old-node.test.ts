import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const CHECK = path.resolve(import.meta.dirname, '../../src/system/check-node.ts')

/** Starts the check as an entry does, under a version that Node is made to name. */
async function startOn(version: string): Promise<{ code: number; stderr: string }> {
  const versions = `{ ...process.versions, node: '${version}' }`
  const script = `Object.defineProperty(process, 'versions', { value: ${versions} })
    const { createJiti } = await import('jiti')
    await createJiti(${JSON.stringify(CHECK)}).import(${JSON.stringify(CHECK)})`
  return promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }) => ({ code, stderr }),
  )
}

test.each(['18.20.8', '20.18.3', '21.7.3', '22.11.0'])(
  'Node %s is told in one sentence',
  async version => {
    expect(await startOn(version)).toEqual({
      code: 1,
      stderr: `unplugin-imagegen needs Node 20.19 or later, or 22.12 or later; this is Node ${version}. Update Node.\n`,
    })
  },
)

test.each(['20.19.0', '22.12.0', '23.0.0', '26.1.0'])('Node %s is fine', async version => {
  expect(await startOn(version)).toEqual({ code: 0, stderr: '' })
})
