import path from 'node:path'
import { expect, test } from 'vitest'
import { assertImage, importBuilt } from './assert-image.ts'
import { BUNDLERS } from './bundlers.ts'
import { createFakePipeline } from './fake-pipeline.ts'
import { SITE, writeProject } from './project.ts'

for (const publicPath of ['/static', 'https://cdn.test/v1/']) {
  test(`farm puts the public path ${publicPath} before every URL`, async () => {
    const root = await writeProject({
      'site.image.yaml': SITE,
      'main.js': `import { hero, og } from './site.image.yaml'; export { hero, og }`,
    })
    const { open } = createFakePipeline(path.join(root, '.store'))
    const farm = BUNDLERS.find(({ name }) => name === 'farm')
    if (!farm) throw new Error('Farm is not in the table.')
    const { hero, og } = await importBuilt(await farm.build({ root, open, publicPath }))
    const base = publicPath.replace(/\/?$/, '/')
    await assertImage(hero, path.join(root, 'dist'), base)
    expect((await assertImage(og, path.join(root, 'dist'), base)).src).toBe(`${base}og/home.png`)
  })
}
