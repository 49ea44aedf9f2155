import path from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  createManifestFilter,
  discoverManifests,
} from '../../src/pipeline/project/discover-manifests.ts'
import { createProject } from '../support/project.ts'

const FILES = [
  'a.image.yaml',
  'A.IMAGE.YAML',
  'src/hero.image.yaml',
  'src/hero.image.yml',
  'src/[id]/page.image.yaml',
  'src/(group)/page.image.yaml',
  'src/.hidden/x.image.yaml',
  '.dot.image.yaml',
  'dist/b.image.yaml',
  'src/dist/c.image.yaml',
  'node_modules/kit/d.image.yaml',
  'drafts/old/e.image.yaml',
  'drafts/f.image.yaml',
  'src/no.yaml',
  'src/hero.image.yaml.bak',
]
const DEFAULTS = ['**/node_modules/**', '**/dist/**']

describe('a file is selected exactly when a search finds it', () => {
  test.each([
    [['**/*.image.{yaml,yml}'], DEFAULTS],
    [['**/*.image.{yaml,yml}'], []],
    [['./src/**/*.image.yaml'], DEFAULTS],
    [['src/*.image.yaml', 'drafts/**/*.image.yaml'], ['drafts/old']],
    [['**/*.image.yaml'], ['drafts']],
    [['**/*.image.yaml'], ['**/e.image.yaml', 'src/**']],
    [['**/*.image.yaml', '!drafts/**'], DEFAULTS],
    [['**/*.image.y?(a)ml'], DEFAULTS],
    [['src/\\[id\\]/*.image.yaml', 'src/\\(group\\)/*.image.yaml'], DEFAULTS],
    [['**/.hidden/*.image.yaml'], DEFAULTS],
    [['a.image.yaml'], DEFAULTS],
    [['**/@(a|f).image.yaml'], ['.*']],
    [[], DEFAULTS],
  ])('include %j, exclude %j', async (include, exclude) => {
    const { root } = await createProject(Object.fromEntries(FILES.map(name => [name, ''])))
    const globs = { root, include, exclude }
    const selects = createManifestFilter(globs)
    const files = FILES.map(name => path.join(root, name)).sort()
    expect(files.filter(selects)).toEqual(await discoverManifests(globs))
  })
})

test('a project beside another is not selected', () => {
  const selects = createManifestFilter({ root: '/site', include: ['**/*.yaml'], exclude: [] })
  expect(['/site/a.yaml', '/other/a.yaml', '/sitemap/a.yaml'].filter(selects)).toEqual([
    '/site/a.yaml',
  ])
})
