import { expect, test } from 'vitest'
import { createUseSearch } from '../../src/gallery/server/usage/find-uses.ts'

const search = createUseSearch(
  [
    {
      file: '/p/src/site.image.yaml',
      isSingle: false,
      images: [
        { name: 'hero', exportName: 'hero' },
        { name: 'hero-night', exportName: 'heroNight' },
        { name: 'gull', exportName: 'gull' },
      ],
    },
    { file: '/p/src/og.image.yaml', isSingle: true, images: [{ name: 'og', exportName: 'og' }] },
  ],
  '/p',
)

const used = (text: string, file = '/p/src/main.ts') =>
  [...new Set(search.find({ file, text }).map(({ name }) => name))].sort()

test.each<[string, string[]]>([
  ["import { hero } from './site.image.yaml'", ['hero']],
  ["import { hero as h, heroNight } from './site.image.yaml'", ['hero', 'hero-night']],
  ['import {\n  hero,\n  type gull,\n} from "./site.image.yaml"', ['gull', 'hero']],
  ["import site from './site.image.yaml'\nsite.hero; site['hero-night']", ['hero', 'hero-night']],
  ["import site, { gull } from './site.image.yaml'\nsite.hero", ['gull', 'hero']],
  ["import * as site from './site.image.yaml'\nsite.gull", ['gull']],
  ["import site from './site.image.yaml'\nObject.values(site)", ['gull', 'hero', 'hero-night']],
  ["export * from './site.image.yaml'", ['gull', 'hero', 'hero-night']],
  ["export { hero } from './site.image.yaml'", ['hero']],
  ["const site = await import('./site.image.yaml')", ['gull', 'hero', 'hero-night']],
  ["import { hero } from '@/site.image.yaml'", ['hero']],
  ["import { hero } from '/src/site.image.yaml'", ['hero']],
  ["import { hero } from './other/site.image.yaml'", []],
  ['<img src="./site.image.yaml?image=hero-night&width=640">', ['hero-night']],
  ['a { background: url(site.image.yaml?image=gull) }', ['gull']],
  ["import og from './og.image.yaml'", ['og']],
  ["import { a } from './a'\nimport { hero } from './site.image.yaml'", ['hero']],
  ['nothing', []],
])('%s uses %j', (text, names) => {
  expect(used(text)).toEqual(names)
})
