import { expect, test } from 'vitest'
import { ENTRIES, readPublicTypes } from './public-types.ts'

const types = readPublicTypes()

test('the types of the entries are those of the snapshot', async () => {
  const text = ENTRIES.map(entry => `// ${entry}\n\n${types.declarationsOf(entry)}\n`).join('\n')
  // Changed on purpose: `npx vitest run test/types/public-api.test.ts -u`.
  await expect(text).toMatchFileSnapshot('public-api.snap.txt')
})

test('every type in a signature is exported from the programmatic API', () => {
  expect(types.findUnexported()).toEqual([])
})

test('everything that the programmatic API exports is documented', () => {
  expect(types.findUndocumented()).toEqual([])
})
