import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderTypes, typesPathOf } from '../../src/module/render-types.ts'
import { createTypeProject, image, REPOSITORY, runChecker } from '../types/type-project.ts'
import { readBlocks } from './read-blocks.ts'

/** What the blocks of a page take for granted, and packages that are not installed here. */
const GIVEN = `import type {} from './acme.ts'
declare global {
  const hero: typeof import('./site.image.yaml').hero
  const acme: typeof import('./acme.ts').acme
  function defineNuxtConfig(config: { modules: readonly string[] }): unknown
}
`
const ABSENT = `declare module 'astro/config' {
  export function defineConfig(config: { integrations: readonly object[] }): unknown
}
declare module 'astro:content' {
  export function defineCollection(collection: { loader: object; schema: object }): object
}
declare module 'astro/loaders' {
  export function glob(options: { base: string; pattern: string }): object
}
declare module 'astro/zod' {
  export const z: {
    object(fields: object): object
    string(): object
    enum(names: [string]): object
  }
}
declare module '@ai-sdk/openai' {
  export function createOpenAI(): {
    image(name: string): import('unplugin-imagegen/ai').AiSdkImageModel
  }
}
declare module '*&src' {
  const url: string
  export default url
}
`
const EXPORTED = `import * as manifest from './site.image.yaml'
export const site = { ...manifest.default }
export default { site }
`
const ACME = `import type { ImageProvider } from 'unplugin-imagegen/api'
export declare const acme: ImageProvider & ((url: string) => ImageProvider)
`

const CONFIG = {
  compilerOptions: {
    target: 'es2022',
    lib: ['esnext', 'dom', 'dom.iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    allowJs: true,
    jsx: 'react-jsx',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
    allowArbitraryExtensions: true,
    allowImportingTsExtensions: true,
    paths: {
      '@acme/brand/*': ['./brand/*'],
      'unplugin-imagegen': [`${REPOSITORY}/src/index.ts`],
      'unplugin-imagegen/*': [`${REPOSITORY}/src/*.ts`],
    },
  },
  include: ['src'],
}

function typesOf(manifest: string, ...names: string[]): Record<string, string> {
  const settings = { alt: 'A lighthouse', output: { placeholder: 'blur' } } as const
  const images = names.map(name =>
    image(name, { exportName: name.replace('-n', 'N'), ...settings }),
  )
  const single = names.length === 1
  const types = renderTypes({ path: manifest, single, extends: [], images }, () => undefined)
  return { [manifest]: '', [typesPathOf(manifest)]: types }
}

test('every block of TypeScript and JavaScript in the documentation has the types that it uses', {
  timeout: 120_000,
}, async () => {
  const blocks = (await readBlocks()).filter(({ language }) => /^[jt]sx?$/.test(language))
  // Blocks of what is not installed here are tried by the examples.
  const typed = blocks.filter(({ text }) => importsOf(text).every(isGiven))
  expect(typed.length).toBeGreaterThan(30)
  const files = typed.map(({ place, language, text }) => {
    const name = place.replace(/\W+/g, '-')
    // JavaScript is read without types, but for options of this package.
    const extension = /^js/.test(language) && asConfig(text) === text ? 'jsx' : 'tsx'
    return [`src/${name}.${extension}`, `${asConfig(besideManifests(text))}\nexport {}\n`] as const
  })
  const folder = await createTypeProject({
    moduleResolution: 'bundler',
    types: 'sidecar',
    files: {
      'tsconfig.json': JSON.stringify(CONFIG),
      ...Object.fromEntries(files),
      'src/relative.ts': '',
      'src/alias.ts': '',
      'src/acme.ts': ACME,
      'src/images.ts': EXPORTED,
      'src/given.d.ts': GIVEN,
      'src/absent.d.ts': ABSENT,
      ...typesOf('src/site.image.yaml', 'hero', 'hero-night', 'gull'),
      ...typesOf('src/logo.image.yaml', 'logo'),
      ...typesOf('src/hero.image.yaml', 'hero'),
      ...typesOf('src/notes/covers.image.yaml', 'fog', 'gull'),
      ...typesOf('brand/logo.image.yaml', 'logo', 'mark'),
    },
  })
  expect(await runChecker('typescript7/bin/tsc', ['--noEmit', '-p', '.'], folder)).toEqual({
    code: 0,
    output: '',
  })
})

/** What a block imports from. */
function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:from|import) '([^']+)'/g)].flatMap(([, name]) => name ?? [])
}

/** Whether the project of the blocks has it. */
function isGiven(specifier: string): boolean {
  if (/\b(?:site|hero|logo)\.image\.yaml|^\.\/(?:acme|images)\.ts$/.test(specifier)) return true
  const [name = ''] = /^(?:@[\w-]+\/)?[\w-]+/.exec(specifier) ?? []
  const isInstalled = name !== '' && existsSync(`${REPOSITORY}/node_modules/${name}`)
  return isInstalled || name === 'unplugin-imagegen' || ABSENT.includes(`'${specifier}'`)
}

/** All blocks lie in one folder here. */
function besideManifests(text: string): string {
  return text.replaceAll(/'\.\.?\/(?:[\w-]+\/)*([\w-]+\.image\.yaml)/g, "'./$1")
}

/** A configuration of this package is held to its options. */
function asConfig(text: string): string {
  const isOurs =
    /^export default \{$/m.test(text) && !/plugins:|modules:|entry:|transform:/.test(text)
  if (!isOurs) return text
  return text.replace(/^\}$(?![\s\S]*^\}$)/m, "} satisfies import('unplugin-imagegen').Options")
}
