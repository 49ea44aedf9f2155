import { expect, test } from 'vitest'
import { keyVariables, withEnvFiles } from '../../src/project/env-files.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import { createProject } from '../support/project.ts'

const FILES = {
  '.env': 'LLMEASY_API_KEY=of-env\nOTHER=secret\n',
  '.env.local': 'export LLMEASY_API_KEY="of-local" # mine\n',
  '.env.staging': 'LLMEASY_API_KEY=of-staging\n',
  '.env.staging.local': 'LLMEASY_API_KEY=of-staging-local\n',
}

async function read(
  files: Readonly<Record<string, string>>,
  {
    environment,
    name = 'LLMEASY_API_KEY',
    own = {} as Record<string, string>,
  }: {
    environment?: string
    name?: string
    own?: Record<string, string>
  } = {},
): Promise<string | undefined> {
  const { root } = await createProject(files)
  const names = keyVariables({}, PRESETS)
  const readVariable = await withEnvFiles(variable => own[variable], { root, environment, names })
  return readVariable(name)
}

test('the nearest file wins, and the environment over all of them', async () => {
  const { '.env.staging.local': _, ...withoutLocal } = FILES
  expect(await read(FILES, { environment: 'staging' })).toBe('of-staging-local')
  expect(await read(withoutLocal, { environment: 'staging' })).toBe('of-staging')
  expect(await read(FILES)).toBe('of-local')
  expect(await read({ '.env': FILES['.env'] })).toBe('of-env')
  expect(await read(FILES, { own: { LLMEASY_API_KEY: 'of-process' } })).toBe('of-process')
})

test('nothing but the variables of keys is read from files', async () => {
  expect(await read(FILES, { name: 'OTHER' })).toBeUndefined()
  expect(await read({ '.env': 'IMAGEGEN_MODE=draft\n' }, { name: 'IMAGEGEN_MODE' })).toBeUndefined()
})

test('no file, an empty value and a text that is none leave a key unset', async () => {
  expect(await read({})).toBeUndefined()
  expect(await read({ '.env': 'LLMEASY_API_KEY=\n' })).toBeUndefined()
  expect(await read({ '.env': '\u0000 not a file of variables\n' })).toBeUndefined()
})

test('variables that options name are read too', () => {
  const names = keyVariables(
    { provider: { apiKeyEnv: 'A_KEY' }, providers: { photos: { apiKeyEnv: 'B_KEY' } } },
    PRESETS,
  )
  expect(names).toEqual(
    new Set(['A_KEY', 'B_KEY', 'LLMEASY_API_KEY', 'OPENAI_API_KEY', 'IMAGEGEN_API_KEY']),
  )
})
