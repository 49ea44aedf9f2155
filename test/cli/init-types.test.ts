import { readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { createProject } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { REPOSITORY, runChecker } from '../types/type-project.ts'
import { createSampleProject } from './sample-project.ts'

const OPTIONS = { module: 'esnext', moduleResolution: 'bundler', strict: true, types: [] }
const HERO = `import { hero } from './site.image.yaml'
export const alt: 'Lighthouse' = hero.alt
// @ts-expect-error there is no such format
export const format: 'gif' = hero.format
`

const json = (value: unknown) => JSON.stringify(value, undefined, 2)

/** Each as its framework or template sets it up, with sources that compile but for our types. */
const PROJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'that extends what SvelteKit generates': {
    '.svelte-kit/tsconfig.json': json({
      compilerOptions: { ...OPTIONS, rootDirs: ['..', './types'], noEmit: true },
      include: ['../src/**/*.ts', '../.svelte-kit/types/**/*.ts'],
    }),
    '.svelte-kit/types/src/routes/$types.d.ts': 'export interface PageLoad { kit: true }\n',
    'src/routes/page.ts': `import type { PageLoad } from './$types'\nexport const page: PageLoad = { kit: true }\n`,
    'tsconfig.json': '{\n  "extends": "./.svelte-kit/tsconfig.json"\n}\n',
  },
  'that only refers to a composite one': {
    'tsconfig.json': json({ files: [], references: [{ path: './tsconfig.web.json' }] }),
    'tsconfig.web.json': json({
      compilerOptions: { ...OPTIONS, composite: true, outDir: 'out' },
      include: ['src'],
    }),
  },
  'that refers to one for the app and one for its tools': {
    'tsconfig.json': json({
      files: [],
      references: [{ path: './tsconfig.app.json' }, { path: './tsconfig.node.json' }],
    }),
    'tsconfig.app.json': json({ compilerOptions: { ...OPTIONS, noEmit: true }, include: ['src'] }),
    'tsconfig.node.json': json({
      compilerOptions: { ...OPTIONS, noEmit: true },
      include: ['vite.config.ts'],
    }),
    'vite.config.ts': 'export default () => ({})\n',
  },
  'that has rootDirs already': {
    'tsconfig.json': json({
      compilerOptions: { ...OPTIONS, noEmit: true, rootDirs: ['.', 'gen'] },
      include: ['src'],
    }),
    'gen/src/made.ts': 'export const made = 1\n',
    'src/uses-made.ts': `import { made } from './made'\nexport const one: number = made\n`,
  },
  'that extends a base without rootDirs': {
    'config/base.json': json({ compilerOptions: { ...OPTIONS, noEmit: true } }),
    'tsconfig.json': json({ extends: './config/base', include: ['src'] }),
  },
}

it.each(Object.keys(PROJECTS))('finds its types after init in a project %s', async kind => {
  const cwd = await createSampleProject({ ...PROJECTS[kind], 'src/hero.ts': HERO })
  await symlink(path.join(REPOSITORY, 'node_modules'), path.join(cwd, 'node_modules'))
  const before = await runChecker('typescript7/bin/tsc', ['-b'], cwd)
  expect(before.output).toContain("Cannot find module './site.image.yaml'")

  expect(await runMain(['init', '--yes'], cwd)).toMatchObject({ code: 0 })
  expect(await runMain(['sync'], cwd)).toMatchObject({ code: 0 })
  expect(await runChecker('typescript7/bin/tsc', ['-b'], cwd)).toEqual({ code: 0, output: '' })
  const again = JSON.parse((await runMain(['init', '--json'], cwd)).stdout)
  expect(again.changes).toEqual([])
})

it('says where to set what a generated configuration needs', async () => {
  const cwd = await createSampleProject({
    'tsconfig.json': json({ files: [], references: [{ path: './.nuxt/tsconfig.app.json' }] }),
    '.nuxt/tsconfig.app.json': json({ compilerOptions: OPTIONS, include: ['../src'] }),
  })
  const { changes, hints } = JSON.parse((await runMain(['init', '--json', '--yes'], cwd)).stdout)
  expect(changes.map(({ file }: { file: string }) => file)).not.toContain('.nuxt/tsconfig.app.json')
  expect(hints).toContainEqual(
    expect.stringMatching(/^\.nuxt\/tsconfig\.app\.json is written by your framework/),
  )
})

it.each([
  ['Nuxt', { nuxt: '4' }, { references: [{ path: './.nuxt/tsconfig.app.json' }], files: [] }],
  ['Astro', { astro: '7' }, { extends: 'astro/tsconfigs/strict' }],
])(
  'leaves the TypeScript configuration of %s alone: its entry brings types',
  async (_, devDependencies, tsconfig) => {
    const cwd = await createSampleProject({
      'package.json': json({ devDependencies: { ...devDependencies, 'unplugin-imagegen': '1' } }),
      'nuxt.config.ts': 'export default defineNuxtConfig({})\n',
      'astro.config.mjs': 'export default {}\n',
      'tsconfig.json': json(tsconfig),
    })
    const { stdout } = await runMain(['init', '--json', '--yes'], cwd)
    const { changes, hints } = JSON.parse(stdout)
    expect(changes.map(({ file }: { file: string }) => file)).not.toContain('tsconfig.json')
    expect(hints).toEqual([])
    expect(await readFile(path.join(cwd, 'imagegen.config.ts'), 'utf8')).not.toContain('types:')
  },
)

it('puts the first manifest where a framework has its sources', async () => {
  const cwd = await createProject({ 'package.json': '{}', 'app/app.vue': '<template />\n' })
  const { stdout } = await runMain(['init', '--json'], cwd.root)
  expect(JSON.parse(stdout).changes).toContainEqual(
    expect.objectContaining({ file: 'app/hero.image.yaml', action: 'create' }),
  )
})

it('sets up the package that it was started in, though another above has the dependencies', async () => {
  const repository = await createSampleProject({
    'package.json': json({ devDependencies: { typescript: '5' } }),
    'package-lock.json': '{}',
    'app/package.json': json({ private: true }),
    'app/src/hero.image.yaml': 'prompt: A lighthouse\n',
  })
  const cwd = path.join(repository, 'app')
  expect(await runMain(['init', '--yes'], cwd)).toMatchObject({ code: 0 })
  expect(JSON.parse((await runMain(['sync', '--json'], cwd)).stdout)).toMatchObject({
    written: [],
    summary: { current: 1 },
  })
  const types = path.join(cwd, '.imagegen/types/src/hero.image.d.yaml.ts')
  expect(await readFile(types, 'utf8')).toContain('export default image')
})
