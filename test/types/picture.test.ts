import { describe, expect, it } from 'vitest'
import { createTypeProject, REPOSITORY, runChecker } from './type-project.ts'

const COMPILERS = { '5.5': 'typescript55', '5.9': 'typescript', '7': 'typescript7' }
const fine = { code: 0, output: '' }

const IMPORTS = `import { hero, heroNight } from './site.image.yaml'`

/** A project that takes the components as they are published. */
function createPictureProject(files: Readonly<Record<string, string>>): Promise<string> {
  const config = {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2022', 'dom'],
      module: 'esnext',
      moduleResolution: 'bundler',
      jsx: 'react-jsx',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      allowArbitraryExtensions: true,
      rootDirs: ['.', './.imagegen/types'],
      paths: {
        '@/*': ['./src/*', './.imagegen/types/src/*'],
        'unplugin-imagegen/*': [`${REPOSITORY}/dist/picture/*.d.mts`],
      },
    },
    include: ['src'],
  }
  return createTypeProject({
    moduleResolution: 'bundler',
    types: 'mirror',
    files: { 'tsconfig.json': JSON.stringify(config), ...files },
  })
}

describe.each(Object.entries(COMPILERS))('TypeScript %s', (_, compiler) => {
  it('wants an alternative text where the manifest has none, in React and in strings', async () => {
    const folder = await createPictureProject({
      'src/page.tsx': `import { createRef } from 'react'
import { Picture, type PictureProps } from 'unplugin-imagegen/react'
${IMPORTS}
declare const some: PictureProps
export const right = [
  <Picture src={hero} />,
  <Picture src={heroNight} alt="" />,
  <Picture {...some} />,
  <Picture
    src={hero}
    alt="Another text"
    sizes="50vw"
    priority
    placeholder={false}
    className="wide"
    id="hero"
    style={{ objectFit: 'cover' }}
    data-part="hero"
    onLoad={event => event.currentTarget.naturalWidth}
    ref={createRef<HTMLImageElement>()}
  />,
]
export const wrong = [
  // @ts-expect-error it has no alternative text
  <Picture src={heroNight} />,
  // @ts-expect-error it is no image of a manifest
  <Picture src="/hero.png" alt="" />,
  // @ts-expect-error there is no such prop
  <Picture src={hero} size="50vw" />,
  // @ts-expect-error the asset has its own
  <Picture src={hero} srcSet="/hero.png 1x" />,
]
`,
      'src/strings.ts': `import { picture, pictureAttributes, preloadAttributes } from 'unplugin-imagegen/html'
${IMPORTS}
export const right: string[] = [
  picture(hero),
  picture(hero, { sizes: '50vw', class: 'wide', 'data-part': 1, hidden: false }),
  picture(heroNight, { alt: '' }),
]
export const wrong = [
  // @ts-expect-error it has no alternative text
  picture(heroNight),
  // @ts-expect-error it has no alternative text
  picture(heroNight, { sizes: '50vw' }),
  // @ts-expect-error it is no image of a manifest
  picture('/hero.png', { alt: '' }),
  // @ts-expect-error a string has no listeners
  picture(hero, { onload: () => {} }),
]
export const { img, sources, background } = pictureAttributes(heroNight, { alt: '' })
export const [link] = preloadAttributes(hero, { sizes: '50vw' })
`,
    })
    expect(await runChecker(`${compiler}/bin/tsc`, ['-p', '.'], folder)).toEqual(fine)
  })
})

it('vue-tsc wants it too', async () => {
  const folder = await createPictureProject({
    'src/page.vue': `<script setup lang="ts">
import { Picture } from 'unplugin-imagegen/vue'
${IMPORTS}
const loaded = (event: Event) => event.type
</script>

<template>
  <Picture :src="hero" />
  <Picture :src="heroNight" alt="" />
  <Picture
    :src="hero" sizes="50vw" priority :placeholder="false"
    class="wide" :style="{ objectFit: 'cover' }" data-part="hero" @load="loaded"
  />
  <!-- @vue-expect-error it has no alternative text -->
  <Picture :src="heroNight" />
  <!-- @vue-expect-error it is no image of a manifest -->
  <Picture src="/hero.png" alt="" />
</template>
`,
  })
  expect(await runChecker('vue-tsc/bin/vue-tsc.js', ['-p', '.', '--noEmit'], folder)).toEqual(fine)
})

it('svelte-check wants it too', async () => {
  const folder = await createPictureProject({
    'src/page.svelte': `<script lang="ts">
  import { Picture } from 'unplugin-imagegen/svelte'
  ${IMPORTS}
</script>

<Picture src={hero} />
<Picture src={heroNight} alt="" />
<Picture src={hero} sizes="50vw" priority placeholder={false} class="wide" style="object-fit: cover" data-part="hero" on:load={event => event.type} />
`,
    'src/wrong.svelte': `<script lang="ts">
  import { Picture } from 'unplugin-imagegen/svelte'
  ${IMPORTS}
</script>

<Picture src={heroNight} />
<Picture src="/hero.png" alt="" />
`,
  })
  const args = ['--tsconfig', './tsconfig.json', '--output', 'machine', '--threshold', 'error']
  const { output } = await runChecker('svelte-check/bin/svelte-check', args, folder)
  const errors = output.split('\n').filter(line => line.includes(' ERROR '))
  expect(errors).toEqual([
    expect.stringContaining('wrong.svelte" 6:'),
    expect.stringContaining('wrong.svelte" 7:'),
  ])
})
