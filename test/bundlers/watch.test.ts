import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { pictureOf } from '../support/fake-provider.ts'
import { assertImage, importBuilt } from './assert-image.ts'
import { writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'
import { WATCHERS } from './watchers.ts'

const manifest = (prompt: string) => `prompt: ${prompt}\nsize: 384x384\nreferences: [ref.bin]\n`

const reference = (name: string) => pictureOf(name, { width: 8, height: 8 })

for (const [name, watch] of Object.entries(WATCHERS)) {
  test(`${name} rebuilds after an edit of a manifest, a reference, the configuration, or none`, async () => {
    const root = await writeSite({
      'hero.image.yaml': manifest('First'),
      'ref.bin': await reference('first'),
      'imagegen.config.json': '{}',
      'main.js': `import hero from './hero.image.yaml'; export { hero }; export const edit = 0`,
    })
    const pipeline = createTestPipeline()
    const errors: Error[] = []
    let builds = 0
    const stop = await watch({
      root,
      open: pipeline.open,
      onBuilt: error => {
        builds += 1
        if (error) errors.push(error)
      },
    })
    onTestFinished(stop)
    const dist = path.join(root, 'dist')
    const built = async () => importBuilt(path.join(dist, 'main.js')).catch(() => ({}) as never)
    const src = async () => ((await built()).hero as ImageAsset | undefined)?.src
    const change = async (file: string, content: string | Uint8Array) => {
      const before = await src()
      await writeFile(path.join(root, file), content)
      await expect.poll(async () => (await src()) ?? before, { timeout: 20_000 }).not.toBe(before)
      // One change may be built twice, and what the second build writes is half there for a moment.
      await vi.waitFor(async () => assertImage((await built()).hero, dist), { timeout: 20_000 })
    }

    await expect.poll(src, { timeout: 20_000 }).toBeDefined()
    await change('hero.image.yaml', manifest('Second'))
    await change('ref.bin', await reference('second'))

    await writeFile(path.join(root, 'hero.image.yaml'), 'prompt: ""\n')
    // The last one: a host may have read the file while it was being written, when it was empty.
    await expect
      .poll(() => errors.at(-1)?.message, { timeout: 20_000 })
      .toContain('`prompt` is empty')
    await change('hero.image.yaml', manifest('Third'))

    // What is not there is watched as well.
    await rm(path.join(root, 'ref.bin'))
    await expect.poll(() => errors.at(-1)?.message, { timeout: 20_000 }).toContain('does not exist')
    await change('ref.bin', await reference('third'))

    const before = builds
    await writeFile(path.join(root, 'imagegen.config.json'), '{ "mode": "frozen" }')
    await expect.poll(() => pipeline.opened, { timeout: 20_000 }).toBe(2)
    // A host that is still writing when its folder goes away may end for good.
    await expect.poll(() => builds, { timeout: 20_000 }).toBeGreaterThan(before)

    // The picture outlives a build that has nothing to do with it.
    for (const name of await readdir(dist)) {
      await rm(path.join(dist, name), { recursive: true, maxRetries: 10 })
    }
    const main = `import hero from './hero.image.yaml'; export { hero }; export const edit = 1`
    await writeFile(path.join(root, 'main.js'), main)
    await expect.poll(async () => (await built()).edit, { timeout: 20_000 }).toBe(1)

    await stop()
    expect(pipeline.opened).toBe(2)
    // Not every host waits for its plugins when it stops.
    await expect.poll(() => pipeline.closed).toBe(2)
  })
}
