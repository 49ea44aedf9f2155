import type { Example } from './example.ts'

export const ASTRO_EXAMPLE: Example = {
  name: 'astro',
  framework: 'astro',
  node: '22',
  images: 6,
  unused: ['spare'],
  outputs: ['dist'],
  pages: ['/', '/gull', '/notes/evening', '/notes/morning'],
  rendered: ['/', '/gull', '/notes/evening', '/notes/morning'],
  scripts: {
    build: 'build',
    start: { script: 'start' },
    dev: { script: 'dev' },
    types: 'types',
  },
  gallery: true,
  refusals: [
    {
      file: 'astro.config.mjs',
      change: text =>
        `import twice from 'unplugin-imagegen/vite'\n${text.replace('integrations', 'vite: { plugins: [twice()] }, integrations')}`,
      message: 'remove the one of unplugin-imagegen/vite',
    },
    {
      file: 'src/pages/gull.md',
      change: text => text.replace('image=gull', 'image=gul'),
      message: 'src/site.image.yaml has no image "gul".',
    },
    {
      file: 'src/pages/gull.md',
      change: text => text.replace('?image=gull', ''),
      message: 'A manifest of several images stands where one image is shown.',
    },
    {
      file: 'src/notes/evening.md',
      change: text => text.replace('image=gull ', 'image=gull&width=320 '),
      message: 'Remove `&width=320`',
    },
  ],
  markup: {
    page: 'src/pages/cases.astro',
    html: 'dist/cases/index.html',
    render: cases => `---
import Picture from 'unplugin-imagegen/astro/Picture.astro'
const cases = ${cases}
---
{cases.map(({ name, src, props }) => <section id={name}><Picture src={src} {...props} /></section>)}
`,
  },
  init: {
    config: 'astro.config.mjs',
    plugin: 'imagegen()',
    remove: ['src/notes', 'src/content.config.ts', 'src/pages/notes', 'src/pages/gull.md'],
    page: [
      'src/pages/index.astro',
      `---
import hero from '../hero.image.yaml'
---

<img src={hero.src} width={hero.width} alt={hero.alt} />
`,
    ],
  },
}
