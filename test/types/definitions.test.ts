import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../support/folder.ts'
import { runMain } from '../support/run-main.ts'
import { startLanguageServer, startTsserver } from './ask-definition.ts'
import { REPOSITORY } from './type-project.ts'

const COMPILERS = {
  '5.5': startTsserver.bind(undefined, 'typescript55'),
  '5.9': startTsserver.bind(undefined, 'typescript'),
  '7': startLanguageServer.bind(undefined, 'typescript7'),
}

const SITE = `# The pictures of the first page.
images:
  hero:
    prompt: A lighthouse on a cliff
  hero-night:
    prompt: |
      export declare const hero: never
      The same scene at night
`

const PROGRAM = `import site, { hero, heroNight } from './site.image.yaml'
import logo from './logo.image.yml'
export const sources = [hero.src, heroNight.src, logo.src]
export const byName = site['hero-night']
`

const MAP = 'site.image.d.yaml.ts.map'

async function createProject(types: 'mirror' | 'sidecar'): Promise<string> {
  const root = await temporaryFolder()
  await writeFiles(root, {
    'package.json': '{ "name": "site", "type": "module" }',
    'imagegen.config.json': JSON.stringify({ types }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        noEmit: true,
        types: [],
        allowArbitraryExtensions: true,
        rootDirs: ['.', './.imagegen/types'],
      },
      include: ['src'],
    }),
    'src/site.image.yaml': SITE,
    'src/logo.image.yml': '# The logo.\nprompt: A logo\n',
    'src/main.ts': PROGRAM,
  })
  expect(await runMain(['sync'], root, {})).toMatchObject({ code: 0 })
  return root
}

const folderOf = (types: 'mirror' | 'sidecar') =>
  types === 'mirror' ? '.imagegen/types/src' : 'src'

/** A formatter with another taste than ours. */
async function format(root: string, file: string): Promise<void> {
  await writeFiles(root, {
    'biome.json': JSON.stringify({
      formatter: { indentStyle: 'tab', lineWidth: 40 },
      javascript: { formatter: { semicolons: 'always', quoteStyle: 'single' } },
    }),
  })
  const bin = path.join(REPOSITORY, 'node_modules/@biomejs/biome/bin/biome')
  await promisify(execFile)(process.execPath, [bin, 'format', '--write', file], { cwd: root })
}

describe.each(Object.entries(COMPILERS))('editors with TypeScript %s', (_, open) => {
  it.each(['mirror', 'sidecar'] as const)(
    'go from an image in code to its line in the manifest, with types as %s',
    async types => {
      const root = await createProject(types)
      const ask = open(root)
      const at = (line: number, text: string) => ask({ file: 'src/main.ts', line, text })
      const site = 'src/site.image.yaml'
      expect(await at(3, 'hero.src')).toEqual([{ file: site, line: 3, column: 3 }])
      expect(await at(3, 'heroNight.src')).toEqual([{ file: site, line: 5, column: 3 }])
      expect(await at(3, 'logo.src')).toEqual([{ file: 'src/logo.image.yml', line: 2, column: 9 }])
      expect(await at(4, `'hero-night'`)).toEqual([{ file: site, line: 5, column: 3 }])
    },
  )

  it('go there as well after a formatter and an edit', async () => {
    const root = await createProject('sidecar')
    await format(root, 'src/site.image.d.yaml.ts')
    await writeFile(path.join(root, 'src/site.image.yaml'), `\n\n${SITE}`)
    await runMain(['sync'], root, {})
    const asked = { file: 'src/main.ts', line: 3, text: 'heroNight.src' }
    expect(await open(root)(asked)).toEqual([{ file: 'src/site.image.yaml', line: 7, column: 3 }])
  })

  it('lead to the types themselves without the map', async () => {
    const root = await createProject('sidecar')
    await rm(path.join(root, 'src', MAP))
    const asked = { file: 'src/main.ts', line: 3, text: 'hero.src' }
    expect(await open(root)(asked)).toMatchObject([{ file: 'src/site.image.d.yaml.ts' }])
  })
})

describe('sync and check', () => {
  const check = async (root: string) => (await runMain(['check', '--json'], root, {})).stdout

  it.each(['mirror', 'sidecar'] as const)('keep maps with types as %s', async types => {
    const root = await createProject(types)
    const map = path.join(root, folderOf(types), MAP)
    const before = await readFile(map, 'utf8')
    expect(await runMain(['sync'], root, {})).toMatchObject({
      stdout: expect.stringContaining('0 type files written'),
    })
    await writeFile(path.join(root, 'src/site.image.yaml'), `\n${SITE}`)
    expect(await check(root)).toContain(
      `The types in ${folderOf(types)}/${MAP} are missing or out of date.`,
    )
    await runMain(['sync'], root, {})
    expect(await readFile(map, 'utf8')).not.toBe(before)
    expect(await check(root)).not.toContain('TYPES_STALE')
  })

  it('find no fault with a map that is missing or belongs to another layout', async () => {
    const root = await createProject('mirror')
    await format(root, '.imagegen/types/src/site.image.d.yaml.ts')
    expect(await check(root)).not.toContain('TYPES_STALE')
    await rm(path.join(root, '.imagegen/types/src', MAP))
    expect(await check(root)).not.toContain('TYPES_STALE')
  })

  it('remove the map of a manifest that is gone, and of no other', async () => {
    const root = await createProject('sidecar')
    await writeFiles(root, { 'src/own.d.ts': 'export {}\n', 'src/own.d.ts.map': '{}' })
    await rm(path.join(root, 'src/site.image.yaml'))
    await runMain(['sync'], root, {})
    await expect(readFile(path.join(root, 'src', MAP))).rejects.toThrow('ENOENT')
    await readFile(path.join(root, 'src/own.d.ts.map'))
    await readFile(path.join(root, 'src/logo.image.d.yml.ts.map'))
  })
})
