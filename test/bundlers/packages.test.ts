import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { filesBelow } from '../support/folder.ts'
import { assertImage, importBuilt } from './assert-image.ts'
import { BUNDLERS, type BuildRequest, unpluginOf } from './bundlers.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const LOGO = `images:
  logo:
    prompt: A secret lamp as a logo
    size: 576x192
`

const MAIN = `export { logo } from '@acme/brand/logo.image.yaml'`

/** A site and the package that it imports from, either installed or a linked folder of a workspace. */
async function prepare(
  place: 'installed' | 'linked',
  exports: unknown = { './*.image.yaml': './images/*.image.yaml' },
  files: Readonly<Record<string, string>> = { 'main.js': MAIN },
): Promise<BuildRequest & { readonly brand: string }> {
  const folder = place === 'linked' ? 'packages/brand' : 'web/node_modules/@acme/brand'
  const workspace = await writeSite({
    [`${folder}/package.json`]: JSON.stringify({ name: '@acme/brand', exports }),
    [`${folder}/images/logo.image.yaml`]: LOGO,
    [`${folder}/index.js`]: `export { logo } from './images/logo.image.yaml'`,
    'web/package.json': '{ "name": "web", "type": "module" }',
  })
  const root = path.join(workspace, 'web')
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(root, name), text)
  if (place === 'linked') {
    await mkdir(path.join(root, 'node_modules/@acme'), { recursive: true })
    await symlink('../../../packages/brand', path.join(root, 'node_modules/@acme/brand'))
  }
  return { root, open: createTestPipeline().open, brand: path.join(workspace, folder) }
}

/** Farm itself loses what an entry exports from a `node_modules`, JavaScript too. */
const placesOf = (bundler: string) =>
  bundler === 'farm' ? (['linked'] as const) : (['installed', 'linked'] as const)

for (const bundler of BUNDLERS) {
  describe(bundler.name, () => {
    test.each(placesOf(bundler.name))(
      'takes a manifest that a package exports (%s), and writes nothing into it',
      async place => {
        const { brand, ...request } = await prepare(place)
        const before = await filesBelow(brand)
        const entry = await bundler.build(request)
        const { logo } = await importBuilt(entry)
        expect(await assertImage(logo, path.dirname(entry))).toMatchObject({ width: 24 })
        expect(await readFile(entry, 'utf8')).not.toContain('secret')
        expect(await filesBelow(brand)).toEqual(before)
      },
    )

    test.skipIf(bundler.name === 'farm')('takes what code of a package imports', async () => {
      const exports = { '.': './index.js', './logo.image.yaml': './images/logo.image.yaml' }
      const { brand: _, ...request } = await prepare('installed', exports, {
        'main.js': `export { logo } from './node_modules/@acme/brand/index.js'`,
      })
      const entry = await bundler.build(request)
      const { logo } = await importBuilt(entry)
      expect(await assertImage(logo, path.dirname(entry))).toMatchObject({ width: 24 })
    })

    test('says why an import leads to no manifest', async () => {
      const { brand: _, ...request } = await prepare('installed')
      for (const specifier of ['@acme/none/logo.image.yaml', '@acme/brand/logos/a.yaml']) {
        await writeFile(path.join(request.root, 'main.js'), `export * from '${specifier}'`)
        await expect(bundler.build(request)).rejects.toThrow(
          specifier.includes('none') ? '@acme/none' : 'logos',
        )
      }
    })

    // Farm does not tell plugins by what name a module is imported.
    test.skipIf(bundler.name === 'farm')(
      'takes it from a package that exports whole folders',
      async () => {
        const { brand: _, ...request } = await prepare('installed', { './*': './images/*' })
        const entry = await bundler.build(request)
        const { logo } = await importBuilt(entry)
        expect(await assertImage(logo, path.dirname(entry))).toMatchObject({ width: 24 })
      },
    )
  })
}

test('the guard knows the manifests of packages that code imports', async () => {
  const { root, open } = await prepare('installed')
  const { rollup } = await import('rollup')
  const bundle = await rollup({
    input: path.join(root, 'main.js'),
    plugins: [
      unpluginOf(open).rollup({ root }),
      {
        name: 'copies',
        generateBundle() {
          this.emitFile({ type: 'asset', fileName: 'logo.txt', source: LOGO })
        },
      },
    ],
  })
  await expect(bundle.generate({})).rejects.toThrow(
    /holds the text of node_modules\/@acme\/brand\/images\/logo\.image\.yaml, prompts included/,
  )
})
