import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesBelow, temporaryFolder, writeFiles } from '../support/folder.ts'
import { runMain } from '../support/run-main.ts'
import { startLanguageServer, startTsserver } from './ask-definition.ts'
import { runChecker } from './type-project.ts'

const BRAND = 'node_modules/@acme/brand'
const TYPES = '.imagegen/types/packages/@acme/brand/logo.image.yaml.d.ts'

const COMPILERS = {
  '5.5': { bin: 'typescript55', open: startTsserver },
  '5.9': { bin: 'typescript', open: startTsserver },
  '7': { bin: 'typescript7', open: startLanguageServer },
}

/** A site that imports one of two manifests of a design system. */
async function createSite(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await temporaryFolder()
  await writeFiles(root, {
    'package.json': '{ "name": "site", "type": "module", "dependencies": { "@acme/brand": "1" } }',
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
      include: ['src', '.imagegen/types/packages'],
    }),
    'src/main.ts': `import { logo, logoSmall } from '@acme/brand/logo.image.yaml'
export const sources: string[] = [logo.src, logoSmall.src]
// @ts-expect-error a URL is a string
export const wrong: number = logo.src
`,
    'src/own.image.yaml': 'prompt: A picture of its own\n',
    [`${BRAND}/package.json`]: JSON.stringify({
      name: '@acme/brand',
      exports: { './*.image.yaml': './images/*.image.yaml' },
    }),
    [`${BRAND}/images/logo.image.yaml`]:
      'images:\n  logo: { prompt: A logo }\n  logo-small: { prompt: A small logo }\n',
    [`${BRAND}/images/other.image.yaml`]: 'prompt: Nobody imports this one\n',
    ...files,
  })
  return root
}

describe.each(Object.entries(COMPILERS))('TypeScript %s', (_, { bin, open }) => {
  it('knows what sync wrote for a package, and leads to its manifest', async () => {
    const root = await createSite()
    const before = await filesBelow(path.join(root, BRAND))
    expect(await runMain(['sync'], root, {})).toMatchObject({ code: 0 })
    expect(await runChecker(`${bin}/bin/tsc`, ['-p', '.'], root)).toEqual({ code: 0, output: '' })
    const asked = { file: 'src/main.ts', line: 2, text: 'logoSmall' }
    expect(await open(bin, root)(asked)).toEqual([
      { file: `${BRAND}/images/logo.image.yaml`, line: 3, column: 3 },
    ])
    expect(await filesBelow(path.join(root, BRAND))).toEqual(before)
  })
})

it('writes types of what sources import only, and removes them afterwards', async () => {
  const root = await createSite()
  await runMain(['sync'], root, {})
  const tree = path.join(root, '.imagegen/types')
  expect(await filesBelow(tree)).toEqual([
    'packages/@acme/brand/logo.image.yaml.d.ts',
    'packages/@acme/brand/logo.image.yaml.d.ts.map',
    'src/own.image.d.yaml.ts',
    'src/own.image.d.yaml.ts.map',
  ])
  expect((await runMain(['check', '--json'], root, {})).stdout).not.toContain('TYPES_STALE')
  await rm(path.join(root, 'src/main.ts'))
  await runMain(['sync'], root, {})
  expect(await filesBelow(tree)).not.toContain('packages/@acme/brand/logo.image.yaml.d.ts')
})

it('leaves a package alone that ships its own types', async () => {
  const root = await createSite({ [`${BRAND}/images/logo.image.d.yaml.ts`]: 'export {}\n' })
  await runMain(['sync'], root, {})
  await expect(readFile(path.join(root, TYPES))).rejects.toThrow('ENOENT')
})
