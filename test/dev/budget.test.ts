import path from 'node:path'
import { expect, test } from 'vitest'
import { createSite, importAsPage, startVite } from './dev-site.ts'

test('a dev server that is restarted, or started anew, goes on with what is left', async () => {
  const names = ['a', 'b', 'c']
  const site = await createSite(
    Object.fromEntries(names.map(name => [`${name}.image.yaml`, `prompt: ${name}\n`])),
  )
  const options = { budget: { images: 2 } }
  const { server, url } = await startVite(site, { options })
  const load = (name: string) =>
    importAsPage(server.resolvedUrls?.local[0] ?? url, `${name}.image.yaml`)
  await load('a')
  await expect.poll(() => site.api.billed).toBe(1)
  await server.restart()
  await load('b')
  await expect.poll(() => site.api.billed).toBe(2)
  await server.restart()
  await load('c')

  const { openPipeline } = await import('../../src/pipeline/open-pipeline.ts')
  const readVariable = (name: string) =>
    name === 'LLMEASY_API_KEY' ? 'dev-key' : name === 'LLMEASY_BASE_URL' ? site.api.url : undefined
  const pipeline = await openPipeline(options, { cwd: site.root, readVariable })
  await expect(pipeline.resolveModule(path.join(site.root, 'c.image.yaml'))).rejects.toThrow(
    '`budget.images` allows 2 within 60 minutes',
  )
  await pipeline.close()
  expect(site.api.count).toBe(2)
})
