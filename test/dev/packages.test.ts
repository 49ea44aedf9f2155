import { mkdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { VITES } from '../bundlers/bundlers.ts'
import { filesBelow } from '../support/folder.ts'
import { createSite, startVite } from './dev-site.ts'

const files = (folder: string) => ({
  [`${folder}/package.json`]: JSON.stringify({
    name: '@acme/brand',
    exports: { './*.image.yaml': './images/*.image.yaml' },
  }),
  [`${folder}/images/logo.image.yaml`]:
    'images: { logo: { prompt: A secret lamp as a logo, size: 1024x1024 } }\n',
})

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} shows the pictures of an installed package, and not its prompts`, async () => {
    const brand = 'node_modules/@acme/brand'
    const site = await createSite({
      ...files(brand),
      'main.js': `export { logo } from '@acme/brand/logo.image.yaml'`,
    })
    const before = await filesBelow(path.join(site.root, brand))
    const { server, url } = await startVite(site, { load })
    const page = (await server.transformRequest('/main.js'))?.code
    expect(page).toContain(`/${brand}/images/logo.image.yaml?import&imagegen.js`)
    const logo = async () => (await server.ssrLoadModule('/main.js')).logo
    await expect.poll(logo, { timeout: 10_000 }).toMatchObject({ type: 'image/png', width: 64 })
    expect(site.api.count).toBe(1)
    for (const query of ['', '?url', '?inline']) {
      const answer = await fetch(`${url}/${brand}/images/logo.image.yaml${query}`)
      expect([query, answer.status]).toEqual([query, 403])
      expect(await answer.text()).not.toContain('secret')
    }
    expect(await filesBelow(path.join(site.root, brand))).toEqual(before)
  })
}

test('an edit of a linked package is seen', async () => {
  const site = await createSite({
    ...files('packages/brand'),
    'web/package.json': '{ "name": "web", "type": "module" }',
    'web/main.js': `export { logo } from '@acme/brand/logo.image.yaml'`,
  })
  const root = path.join(site.root, 'web')
  await mkdir(path.join(root, 'node_modules/@acme'), { recursive: true })
  await symlink('../../../packages/brand', path.join(root, 'node_modules/@acme/brand'))
  const { server } = await startVite({ ...site, root })
  const logo = async () => (await server.ssrLoadModule('/main.js')).logo
  await expect.poll(logo, { timeout: 10_000 }).toMatchObject({ type: 'image/png', width: 64 })
  const [file, text] = Object.entries(files('packages/brand'))[1] ?? ['', '']
  await site.write({ [file]: text.replace('1024x1024', '1536x1024') })
  await expect.poll(logo, { timeout: 10_000 }).toMatchObject({ type: 'image/png', width: 96 })
})
