import { mkdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { assertImage, importBuilt } from './assert-image.ts'
import { BUNDLERS, type BuildRequest } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const MAIN = `export { hero } from './site.image.yaml'`

async function prepare(
  files: Readonly<Record<string, string>>,
  folder = '',
): Promise<BuildRequest> {
  const project = await writeSite(files)
  const root = path.join(project, folder)
  return { root, open: createTestPipeline().open }
}

for (const bundler of BUNDLERS) {
  test(`${bundler.name} lets each of two instances take what it selects`, async () => {
    const request = await prepare({
      'a/a.image.yaml': 'prompt: The first\nsize: 384x192\n',
      'b/b.image.yaml': 'prompt: The second\nsize: 576x192\n',
      'main.js': `import a from './a/a.image.yaml'; import b from './b/b.image.yaml'; export { a, b }`,
    })
    const opened: string[] = []
    const spy =
      (name: string): BuildRequest['open'] =>
      async (options, start, host) => {
        const pipeline = await request.open(options, start, host)
        return {
          ...pipeline,
          async resolveModule(file) {
            opened.push(`${name} ${path.basename(file)}`)
            return pipeline.resolveModule(file)
          },
        }
      }
    const entry = await bundler.build({
      ...request,
      open: spy('first'),
      options: { include: ['a/**/*.image.yaml'] },
      more: [{ open: spy('second'), options: { include: ['b/**/*.image.yaml'] } }],
    })
    const { a, b } = await importBuilt(entry)
    const dist = path.dirname(entry)
    expect(await assertImage(a, dist)).toMatchObject({ width: 16 })
    expect(await assertImage(b, dist)).toMatchObject({ width: 24 })
    expect(opened.sort()).toEqual(['first a.image.yaml', 'second b.image.yaml'])
  })

  test(`${bundler.name} says what to set when a manifest lies outside the root`, async () => {
    const request = await prepare(
      {
        'brand/site.image.yaml': SITE,
        'apps/web/package.json': '{"type":"module"}',
        'apps/web/main.js': `export { hero } from '../../brand/site.image.yaml'`,
      },
      'apps/web',
    )
    await expect(bundler.build(request)).rejects.toThrow(
      /brand\/site\.image\.yaml is imported[\s\S]*outside[\s\S]*root: '\.\.\/\.\.'/,
    )
  })

  test(`${bundler.name} says what to set when a manifest is excluded`, async () => {
    const request = await prepare({
      'old/site.image.yaml': SITE,
      'main.js': `export { hero } from './old/site.image.yaml'`,
    })
    await expect(bundler.build({ ...request, options: { exclude: ['old/**'] } })).rejects.toThrow(
      /old\/site\.image\.yaml is imported[\s\S]*'old\/\*\*' of `exclude`/,
    )
  })

  test(`${bundler.name} says what to set when a manifest lies in a hidden folder`, async () => {
    const request = await prepare({
      '.storybook/site.image.yaml': SITE,
      'main.js': `export { hero } from './.storybook/site.image.yaml'`,
    })
    await expect(bundler.build(request)).rejects.toThrow(
      /\.storybook\\*" is hidden[\s\S]*'\.storybook\/\*\*\/\*\.image\.{yaml,yml}'/,
    )
  })

  test(`${bundler.name} says what to set when a linked package has the manifest`, async () => {
    const request = await prepare(
      {
        'brand/package.json': '{"name":"brand","type":"module","exports":{"./*":"./*"}}',
        'brand/site.image.yaml': SITE,
        'web/package.json': '{"type":"module"}',
        'web/main.js': `export { hero } from '../web/node_modules/brand/site.image.yaml'`,
      },
      'web',
    )
    await mkdir(path.join(request.root, 'node_modules'))
    await symlink('../../brand', path.join(request.root, 'node_modules/brand'))
    await expect(bundler.build(request)).rejects.toThrow(
      // Rollup alone does not follow links of folders.
      /brand\/site\.image\.yaml is imported[\s\S]*(?:root: '\.\.'|'\*\*\/node_modules\/\*\*' of)/,
    )
  })

  // Farm itself finds no entry below a linked root.
  test.skipIf(bundler.name === 'farm')(`${bundler.name} builds below a linked root`, async () => {
    const request = await prepare({ 'site.image.yaml': SITE, 'main.js': MAIN })
    const { root } = await prepare({})
    const link = path.join(root, 'link')
    await symlink(request.root, link)
    const entry = await bundler.build({ ...request, root: link })
    await assertImage((await importBuilt(entry)).hero, path.dirname(entry))
  })
}
