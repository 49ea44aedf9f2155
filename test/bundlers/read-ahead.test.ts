import { rm, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createReadAhead } from '../../src/bundlers/assets/read-ahead.ts'
import { createProject } from '../support/project.ts'

const MB = 1024 * 1024

async function writeFiles(sizes: readonly number[]) {
  const { root } = await createProject({})
  return Promise.all(
    sizes.map(async (size, index) => {
      const file = path.join(root, `${index}.png`)
      await writeFile(file, '')
      await truncate(file, size)
      return { path: file, size }
    }),
  )
}

test('reads ahead no more bytes than it may, and every file in the end', async () => {
  const files = await writeFiles([6 * MB, 1 * MB, 3 * MB, 12 * MB])
  const [first, second, third, fourth] = files
  if (!first || !second || !third || !fourth) throw new Error('Four files were written.')
  const read = createReadAhead(files)
  expect(await read(first)).toHaveLength(6 * MB)
  // Together with the first, the second fits and the third does not.
  await rm(third.path)
  expect(await read(second)).toHaveLength(1 * MB)
  await expect(read(third)).rejects.toThrow('ENOENT')
  expect(await read(fourth)).toHaveLength(12 * MB)
})

test('reads files that are asked for in another order, or again', async () => {
  const files = await writeFiles(Array.from({ length: 40 }, (_, index) => index))
  const read = createReadAhead(files)
  for (const file of [...files].reverse()) expect(await read(file)).toHaveLength(file.size)
  for (const file of files) expect(await read(file)).toHaveLength(file.size)
})
