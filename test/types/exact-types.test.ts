import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderTypes, typesPathOf } from '../../src/module/render-types.ts'
import { createTypeProject, image, program, REPOSITORY, runChecker } from './type-project.ts'

const COMPILERS = { '5.5': 'typescript55', '5.9': 'typescript', '7': 'typescript7' }
const fine = { code: 0, output: '' }

describe.each(Object.entries(COMPILERS))('TypeScript %s', (_, compiler) => {
  it.each(['bundler', 'nodenext'] as const)(
    'reads the mirror tree under %s',
    async moduleResolution => {
      const folder = await createTypeProject({ moduleResolution, types: 'mirror' })
      expect(await runChecker(`${compiler}/bin/tsc`, ['-p', '.'], folder)).toEqual(fine)
    },
  )
})

it('reads sidecars, and fails without either', async () => {
  const folder = await createTypeProject({ moduleResolution: 'nodenext', types: 'sidecar' })
  expect(await runChecker('typescript7/bin/tsc', ['-p', '.'], folder)).toEqual(fine)
  await writeFile(path.join(folder, 'src/site.image.d.yaml.ts'), 'export {}\n')
  const { code, output } = await runChecker('typescript7/bin/tsc', ['-p', '.'], folder)
  expect(code).not.toBe(0)
  expect(output).toContain("has no exported member 'hero'")
})

it('wins over the loose types of the client', async () => {
  const folder = await createTypeProject({
    moduleResolution: 'bundler',
    types: 'mirror',
    files: {
      'src/client.ts': `/// <reference path="${path.join(REPOSITORY, 'client.d.ts')}" />\n`,
      'src/loose.image.yaml': 'prompt: x\n',
      'src/loose.ts': `import images from './loose.image.yaml'
export const url: string = images.src
export const formats: 'png' | 'jpeg' | 'webp' | 'avif' = images.anything.format
// @ts-expect-error it is an image
export const wrong: number = images
// @ts-expect-error a URL is a string
export const alsoWrong: number = images.anything.src
`,
    },
  })
  expect(await runChecker('typescript/bin/tsc', ['-p', '.'], folder)).toEqual(fine)
})

it('is read by vue-tsc', async () => {
  const folder = await createTypeProject({
    moduleResolution: 'bundler',
    types: 'mirror',
    files: {
      'src/page.vue': `<script setup lang="ts">
${program('./').replaceAll('export const', 'const')}
</script>

<template>
  <img :src="hero.src" :width="hero.width" :alt="hero.alt" />
  <!-- @vue-expect-error there is no such image -->
  <img :src="site.heroes.src" />
</template>
`,
    },
  })
  expect(await runChecker('vue-tsc/bin/vue-tsc.js', ['-p', '.', '--noEmit'], folder)).toEqual(fine)
})

it('is read by svelte-check', async () => {
  const folder = await createTypeProject({
    moduleResolution: 'bundler',
    types: 'mirror',
    files: {
      'src/page.svelte': `<script lang="ts">
${program('./').replaceAll('export const', 'const')}
</script>

<img src={hero.src} width={hero.width} alt={hero.alt} />
`,
      'src/wrong.svelte': `<script lang="ts">
  import { hero } from './site.image.yaml'
</script>

<img src={hero.sorce} alt="" />
`,
    },
  })
  const args = ['--tsconfig', './tsconfig.json', '--output', 'machine', '--threshold', 'error']
  const { code, output } = await runChecker('svelte-check/bin/svelte-check', args, folder)
  const errors = output.split('\n').filter(line => line.includes(' ERROR '))
  expect(errors).toEqual([expect.stringContaining('wrong.svelte" 5:')])
  expect(code).toBe(1)
})

describe('renderTypes', () => {
  const manifest = { path: 'src/site.image.yaml', single: false, extends: [] }

  it('shows prompt and size on hover, and nothing ends the comment early', () => {
    const text = renderTypes(
      { ...manifest, images: [image('hero', { prompt: 'a */ b {@link c}\r\n@deprecated' })] },
      () => undefined,
    )
    expect(text).toContain(`/**
 * > a *\\/ b { @link c}
 * > @deprecated
 *
 * Asked for as \`1536x1024\`; not generated yet.
 */
export declare const hero: {`)
  })

  it('is the same for the same input, whatever the platform', () => {
    const input = { ...manifest, images: [image('hero')] }
    expect(renderTypes(input, () => undefined)).toBe(renderTypes(input, () => undefined))
    expect(typesPathOf('a.b/c.image.yml')).toBe('a.b/c.image.d.yml.ts')
  })

  it('knows names and dimensions of files before their picture', () => {
    const files = [
      { file: 'favicon.ico', format: 'png', sizes: [16, 32], purpose: 'icon' },
      { file: 'tile.webp', format: 'webp', width: 270 },
    ] as const
    const text = renderTypes(
      { ...manifest, images: [image('logo', { output: { files } })] },
      () => undefined,
    )
    expect(text).toContain(
      `readonly "favicon.ico": { readonly src: string; readonly width: 32; readonly height: 32; readonly type: 'image/x-icon' }`,
    )
    expect(text).toContain(
      `readonly "tile.webp": { readonly src: string; readonly width: 270; readonly height: number; readonly type: 'image/webp' }`,
    )
    expect(text).toContain(
      'readonly rel: "icon"; readonly href: string; readonly sizes: "16x16 32x32"',
    )
  })
})
