import { access, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type UserConfig } from 'tsdown'
import { expect, onTestFinished, test, vi } from 'vitest'
import imagegen from '../../src/rolldown.ts'
import { importBuilt } from './assert-image.ts'
import { writeSite } from './sample-site.ts'

const MANIFEST = `images:
  hero: { prompt: A secret lighthouse, size: 1024x1024, output: { formats: [webp, png] } }
  hero-night: { prompt: A secret night, size: 1024x1024, alt: Night }
`

/** What a library may do with a manifest. */
const LIBRARY = `export { hero as passedOn, default as site } from './site.image.yaml'
import type { heroNight } from './site.image.yaml'
import record, { hero } from './site.image.yaml'
export type Night = typeof heroNight
export const inferred = { record, hero }
export const url: string = hero.src
`

/** What its declarations say, whichever types the manifest has. */
const DECLARED = [
  /declare const hero: \{[^}]*readonly src: string;[\s\S]*'image\/webp'/,
  /declare const heroNight: \{[^}]*alt: "Night"/,
  /readonly "hero-night": typeof heroNight/,
  /type Night = typeof heroNight/,
  /declare const url: string/,
  /export \{[^}]*hero as passedOn/,
]

const TYPES = {
  'loose types': { types: false, compilerOptions: {} },
  'types beside the manifest': {
    types: 'sidecar',
    compilerOptions: { allowArbitraryExtensions: true },
  },
  'types in a tree': {
    types: 'mirror',
    compilerOptions: { allowArbitraryExtensions: true, rootDirs: ['.', '.imagegen/types'] },
  },
} as const

for (const [name, { types, compilerOptions }] of Object.entries(TYPES)) {
  test(`tsdown declares what a library makes of a manifest with ${name}`, async () => {
    const { root, run } = await prepare(compilerOptions, types)
    const dist = path.join(root, 'dist')
    await run()
    // The first build has written the types that the second one sees.
    if (types !== false) await run({ dts: { resolver: 'tsc' } })
    const declarations = await readFile(path.join(dist, 'index.d.mts'), 'utf8')
    for (const declared of DECLARED) expect(declarations).toMatch(declared)
    expect(declarations).not.toContain('secret')
    const { passedOn, url } = await importBuilt(path.join(dist, 'index.mjs'))
    expect(passedOn).toMatchObject({ src: url, format: 'png' })
    await access(fileURLToPath(String(url)))
  })
}

async function prepare(compilerOptions: object, types: 'sidecar' | 'mirror' | false) {
  const root = await writeSite({
    'src/site.image.yaml': MANIFEST,
    'src/images.d.ts': `/// <reference path=${JSON.stringify(path.resolve('client.d.ts'))} />\n`,
    'src/index.ts': LIBRARY,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        skipLibCheck: true,
        types: [],
        ...compilerOptions,
      },
      include: ['src'],
    }),
  })
  // By name, since CI refuses drafts that an option asks for.
  vi.stubEnv('IMAGEGEN_MODE', 'draft')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const run = (config: UserConfig = {}) =>
    build({
      cwd: root,
      config: false,
      entry: ['src/index.ts'],
      dts: true,
      logLevel: 'silent',
      plugins: [imagegen({ root, types })],
      ...config,
    })
  return { root, run }
}
